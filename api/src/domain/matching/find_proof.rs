//! Reading the proof of a round together with the pairs that it proposed: what an auditor needs to check its certificate.

use chrono::{DateTime, Utc};
use entity::id::{RoleId, RoundId, VolunteerId};
use entity::{round, round_pairing};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Deserialize;

use super::aside;
use super::proof::Proof;
use super::report::Certificate;
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::round::{RoundAction, decide};
use crate::store::transaction::begin_read;

/// A round's certificate, what it rests on, and what was proposed.
#[derive(Debug)]
pub struct Found {
    /// The round.
    pub round_id: RoundId,
    /// The name of the weights.
    pub weights_version: String,
    /// The engine's version.
    pub engine_version: String,
    /// What identifies the inputs.
    pub inputs_digest: String,
    /// The moment the inputs were read.
    pub as_of: DateTime<Utc>,
    /// The certificate, without the proof.
    pub certificate: Certificate,
    /// The proof.
    pub proof: Proof,
    /// Every proposed pair with its score in basis points, best first; the pinned ones among them.
    pub pairs: Vec<(RoleId, VolunteerId, i32)>,
}

/// The part of a report that is needed here.
#[derive(Deserialize)]
struct Stored {
    certificate: Certificate,
}

/// The proof of the round `id`.
///
/// # Errors
/// [`DomainError::NotFound`] also for a round of before proofs were kept.
pub async fn run(ctx: &Context, id: RoundId) -> Result<Found, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    let reading = begin_read(&ctx.app.store).await?;
    let round = round::Entity::find_by_id(id).one(&reading).await?;
    let round = round.ok_or(DomainError::NotFound)?;
    let pairs = round_pairing::Entity::find()
        .select_only()
        .columns([
            round_pairing::Column::RoleId,
            round_pairing::Column::VolunteerId,
            round_pairing::Column::ScoreBp,
        ])
        .filter(round_pairing::Column::RoundId.eq(id))
        .order_by_asc(round_pairing::Column::Rank)
        .into_tuple()
        .all(&reading)
        .await?;
    reading.commit().await?;
    aside(move || {
        let Stored { mut certificate } = Stored::deserialize(&round.report)
            .map_err(|error| DomainError::Internal(error.into()))?;
        let proof = certificate.proof.take().ok_or(DomainError::NotFound)?;
        Ok(Found {
            round_id: round.id,
            weights_version: round.weights_version,
            engine_version: round.engine_version,
            inputs_digest: round.inputs_digest,
            as_of: round.as_of,
            certificate,
            proof,
            pairs,
        })
    })
    .await?
}
