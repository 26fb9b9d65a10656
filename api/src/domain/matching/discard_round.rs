//! Putting a dry run aside: it stays readable, and can be applied no more.

use entity::id::RoundId;
use entity::round::{self, RoundState};
use sea_orm::{EntityTrait as _, Set};

use super::find_round::{leave_dry_run, load_dry_run};
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::round::{RoundAction, decide};
use crate::store::transaction::begin_write;

/// Discards the dry run.
pub async fn run(ctx: &Context, id: RoundId) -> Result<round::Model, DomainError> {
    decide(&ctx.actor, RoundAction::Discard).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let round = load_dry_run(&*transaction, id).await?;
    let changes = round::ActiveModel {
        state: Set(RoundState::Discarded),
        version: Set(round.version + 1),
        ..Default::default()
    };
    leave_dry_run(&*transaction, &round, changes).await?;
    let subject = ("round", Some(id.uuid()));
    let detail = serde_json::json!({});
    audit::record(ctx, &*transaction, "round.discarded", subject, detail).await?;
    let round = round::Entity::find_by_id(id)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    transaction.commit().await?;
    Ok(round)
}
