//! Reading the proof of a round together with the pairs that it proposed: what an auditor needs to check its certificate.

use chrono::{DateTime, Utc};
use entity::id::{RoleId, RoundId, VolunteerId};
use entity::{round, round_pairing, round_proof};
use sea_orm::{
    ColumnTrait as _, DerivePartialModel, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::proof::Proof;
use super::run_round::{Input, read_scope};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::round::{RoundAction, decide};
use crate::store::transaction::begin_read;

/// What a round's certificate rests on, and what was proposed.
#[derive(Debug)]
pub struct Loaded {
    /// The round.
    pub round: Identity,
    /// Over whom it was run.
    pub scope: Input,
    /// Every proposed pair with its score in basis points, best first; the pinned ones among them.
    pub pairs: Vec<(RoleId, VolunteerId, i32)>,
    proof: String,
}

/// What tells a round and its inputs from others.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "round::Entity")]
pub struct Identity {
    /// The round.
    pub id: RoundId,
    /// The name of the weights.
    pub weights_version: String,
    /// The engine's version.
    pub engine_version: String,
    /// What identifies the inputs.
    pub inputs_digest: String,
    /// The moment the inputs were read.
    pub as_of: DateTime<Utc>,
    scope: serde_json::Value,
}

impl Loaded {
    /// The proof. Reading it takes some milliseconds for each megabyte: too long for a thread that serves requests.
    ///
    /// # Errors
    /// When it was not written by [`Proof::to_json`].
    pub fn proof(&self) -> Result<Proof, DomainError> {
        Proof::from_json(&self.proof)
    }
}

/// Whether the actor may read proofs at all, whatever the round.
///
/// # Errors
/// As for every other look at rounds, and [`DomainError::SecondFactorRequired`]: this one is taken away.
pub fn authorize(ctx: &Context) -> Result<(), DomainError> {
    decide(&ctx.actor, RoundAction::Export).require()
}

/// The proof of the round `id`.
///
/// # Errors
/// [`DomainError::NotFound`] also for a round of before proofs were kept.
pub async fn run(ctx: &Context, id: RoundId) -> Result<Loaded, DomainError> {
    authorize(ctx)?;
    let reading = begin_read(&ctx.app.store).await?;
    let proof: Option<String> = round_proof::Entity::find_by_id(id)
        .select_only()
        .column(round_proof::Column::Proof)
        .into_tuple()
        .one(&reading)
        .await?;
    let proof = proof.ok_or(DomainError::NotFound)?;
    let round = round::Entity::find_by_id(id)
        .into_partial_model::<Identity>()
        .one(&reading)
        .await?
        .ok_or(DomainError::NotFound)?;
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
    Ok(Loaded {
        scope: read_scope(&round.scope)?,
        round,
        pairs,
        proof,
    })
}
