//! Closing a role: nobody new is proposed for it, and everybody who waits is answered. Who holds a seat keeps it.

use entity::role::{self, RoleState};
use sea_orm::Set;

pub use super::open::Input;
use super::{load, state};
use crate::context::Context;
use crate::domain::pairings::{close_role, reason::Reason};
use crate::domain::version;
use crate::error::DomainError;
use crate::policy::role::RoleAction;
use crate::store::transaction::begin_write;

/// Closes a role; closing a closed one changes nothing.
///
/// # Errors
/// A stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<role::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, input.id, RoleAction::Edit).await?;
    if read.state == RoleState::Closed {
        return Ok(read);
    }
    version::check(read.version, input.expected_version)?;
    let change = role::ActiveModel {
        state: Set(RoleState::Closed),
        ..Default::default()
    };
    let role = state::write(ctx, &*transaction, &read, change).await?;
    close_role::answer_all(ctx, &*transaction, role.id, Reason::RoleClosed).await?;
    transaction.commit().await?;
    Ok(role)
}
