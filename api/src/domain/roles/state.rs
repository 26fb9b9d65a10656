//! The one place where roles are written: guarded by version and by the seats that are taken.

use entity::role::{self, RoleState};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use crate::context::Context;
use crate::domain::projects::search_text;
use crate::domain::version;
use crate::error::DomainError;

/// The state of a role that looks for people: filled when no seat is free.
pub(super) const fn looking(seats: i32, filled: i32) -> RoleState {
    if filled >= seats {
        RoleState::Filled
    } else {
        RoleState::Open
    }
}

/// Writes `change` if the role is still as it was read, and refreshes what its project is found by.
///
/// # Errors
/// A stale version, also when a seat was taken or freed meanwhile.
pub(super) async fn write(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    read: &role::Model,
    mut change: role::ActiveModel,
) -> Result<role::Model, DomainError> {
    change.version = Set(read.version + 1);
    change.updated_at = Set(ctx.now());
    let written = role::Entity::update_many()
        .set(change)
        .filter(role::COLUMN.id.eq(read.id))
        .filter(role::COLUMN.version.eq(read.version))
        .filter(role::COLUMN.state.eq(read.state))
        .filter(role::COLUMN.filled.eq(read.filled))
        .exec(transaction)
        .await?;
    if written.rows_affected != 1 {
        return Err(version::stale().into());
    }
    search_text::refresh(transaction, read.project_id).await?;
    role::Entity::find_by_id(read.id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}
