//! Pausing a project: hidden from browsing, nobody new is proposed, and who waits for an answer hears that it rests.

use entity::{project, role};
use sea_orm::ColumnTrait as _;

pub use super::life::Input;
use super::life::answer_everybody;
use super::load;
use super::transition::{self, Event, Outcome};
use crate::context::Context;
use crate::domain::pairings::reason::Reason;
use crate::error::DomainError;
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// Pauses the project.
///
/// # Errors
/// Violations: a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, input.id, ProjectAction::Edit).await?;
    let nothing_else = project::ActiveModel::default();
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        Event::Pause,
        input.expected_version,
        nothing_else,
    )
    .await?;
    let project = match outcome {
        Outcome::Changed(project) => {
            let roles = role::COLUMN.project_id.eq(project.id);
            answer_everybody(ctx, &*transaction, roles, Reason::ProjectChanged).await?;
            project
        }
        Outcome::Unchanged(project) => project,
    };
    transaction.commit().await?;
    Ok(project)
}
