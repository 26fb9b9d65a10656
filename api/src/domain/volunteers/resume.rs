//! Coming back after having been paused for silence.

use entity::volunteer::{self, VolunteerState};
use sea_orm::Set;

use super::{load_own, save};
use crate::context::Context;
use crate::domain::follow_ups::silence;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// Lets the actor be proposed again. Who was not paused for silence, or has said something else since, stays as they are.
pub async fn run(ctx: &Context) -> Result<volunteer::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let before = load_own(ctx, &*transaction).await?;
    if !silence::is_paused(&before) {
        return Ok(before);
    }
    let change = volunteer::ActiveModel {
        state: Set(VolunteerState::Active),
        ..Default::default()
    };
    let volunteer = save(ctx, &*transaction, &before, None, change).await?;
    transaction.commit().await?;
    Ok(volunteer)
}
