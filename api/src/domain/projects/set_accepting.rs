//! Saying whether people may come forward now, apart from the project's state.

use entity::id::ProjectId;
use entity::project::{self, ProjectState};
use sea_orm::Set;

use super::load;
use super::transition::{self, wrong_state};
use crate::context::Context;
use crate::domain::version;
use crate::error::DomainError;
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// Which project, as read, and whether it accepts.
#[derive(Clone, Debug)]
pub struct Input {
    /// The project.
    pub id: ProjectId,
    /// The version the caller read.
    pub expected_version: i32,
    /// Whether people may come forward.
    pub is_accepting: bool,
}

/// Sets the flag. Setting it to what it is changes nothing.
///
/// # Errors
/// Violations: a project that is not public, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, input.id, ProjectAction::Edit).await?;
    if read.is_accepting == input.is_accepting {
        return Ok(read);
    }
    let is_live = matches!(
        read.state,
        ProjectState::Published | ProjectState::InProgress | ProjectState::Paused
    );
    if !is_live {
        return Err(wrong_state(read.state).into());
    }
    version::check(read.version, input.expected_version)?;
    let change = project::ActiveModel {
        is_accepting: Set(input.is_accepting),
        ..Default::default()
    };
    let project = transition::write(ctx, &*transaction, &read, change).await?;
    transaction.commit().await?;
    Ok(project)
}
