//! Taking a job that was given up off the list. What it was about stays as it is: a mail, for example, failed.

use entity::id::JobId;
use sea_orm::ModelTrait as _;
use serde_json::json;

use super::load_dead;
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::job::{JobAction, decide};
use crate::store::transaction::begin_write;

/// Deletes it.
///
/// # Errors
/// [`DomainError::NotFound`] when there is none; a violation when it was not given up.
pub async fn run(ctx: &Context, id: JobId) -> Result<(), DomainError> {
    decide(&ctx.actor, JobAction::Discard).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let job = load_dead(&transaction, id).await?;
    let subject = ("job", Some(id.uuid()));
    let detail = json!({ "kind": job.kind, "attempts": job.attempts });
    job.delete(&*transaction).await?;
    audit::record(ctx, &*transaction, "job.discarded", subject, detail).await?;
    transaction.commit().await?;
    Ok(())
}
