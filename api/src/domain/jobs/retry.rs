//! Taking up a job again that was given up: all of its tries are before it, the first at once.

use entity::id::JobId;
use entity::job;
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::load_dead;
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::jobs::revive;
use crate::policy::job::{JobAction, decide};
use crate::store::transaction::begin_write;

/// Takes it up again.
///
/// # Errors
/// [`DomainError::NotFound`] when there is none; violations when it was not given up, when one like it waits, or when there is
/// nothing left to work on.
pub async fn run(ctx: &Context, id: JobId) -> Result<job::Model, DomainError> {
    decide(&ctx.actor, JobAction::Retry).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let job = load_dead(&transaction, id).await?;
    revive::run(&ctx.app, &transaction, &job).await?;
    let subject = ("job", Some(id.uuid()));
    let detail = json!({ "kind": job.kind });
    audit::record(ctx, &*transaction, "job.retried", subject, detail).await?;
    let job = job::Entity::find_by_id(id)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    transaction.commit().await?;
    Ok(job)
}
