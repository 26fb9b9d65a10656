//! Opening a role: people may be proposed for it as soon as its project is public.

use entity::id::RoleId;
use entity::role::{self, RoleState};
use sea_orm::Set;

use super::{load, state};
use crate::context::Context;
use crate::domain::{projects, version};
use crate::error::DomainError;
use crate::policy::role::RoleAction;
use crate::store::transaction::begin_write;

/// Which role, as read.
#[derive(Clone, Debug)]
pub struct Input {
    /// The role.
    pub id: RoleId,
    /// The version the caller read.
    pub expected_version: i32,
}

/// Opens a draft or a closed role; opening an open one changes nothing.
///
/// # Errors
/// Violations: a project that is over, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<role::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, project) = load(ctx, &*transaction, input.id, RoleAction::Edit).await?;
    if matches!(read.state, RoleState::Open | RoleState::Filled) {
        return Ok(read);
    }
    projects::update::require_open(project.state)?;
    version::check(read.version, input.expected_version)?;
    let change = role::ActiveModel {
        state: Set(state::looking(read.seats, read.filled)),
        ..Default::default()
    };
    let role = state::write(ctx, &*transaction, &read, change).await?;
    transaction.commit().await?;
    Ok(role)
}
