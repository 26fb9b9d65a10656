//! Setting how many people a role is for, never below those who hold a seat.

use entity::id::RoleId;
use entity::role::{self, RoleState};
use sea_orm::Set;

use super::details::{out_of_range, seats_violation};
use super::{load, state};
use crate::context::Context;
use crate::domain::pairings::{close_role, reason::Reason};
use crate::domain::{projects, version};
use crate::error::{DomainError, Violation};
use crate::policy::role::RoleAction;
use crate::store::transaction::begin_write;

/// Which role, as read, and for how many.
#[derive(Clone, Debug)]
pub struct Input {
    /// The role.
    pub id: RoleId,
    /// The version the caller read.
    pub expected_version: i32,
    /// 1 to 100, at least the seats taken.
    pub seats: i32,
}

/// Sets the seats; an open role without a free seat becomes filled, a filled one with a free seat opens.
/// Everybody who waits for a seat that there is no more is answered.
///
/// # Errors
/// Violations: out of range, fewer than are taken, a project that is over, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<role::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, project) = load(ctx, &*transaction, input.id, RoleAction::Edit).await?;
    projects::update::require_open(project.state)?;
    version::check(read.version, input.expected_version)?;
    if let Some(violation) = seats_violation(input.seats) {
        return Err(violation.into());
    }
    if input.seats < read.filled {
        let filled = read.filled;
        let (en, fr) = match filled {
            1 => ("1 seat is".to_owned(), "1 place est prise".to_owned()),
            _ => (
                format!("{filled} seats are"),
                format!("{filled} places sont prises"),
            ),
        };
        return Err(Violation {
            en: format!("{en} taken; the role cannot have fewer."),
            fr: format!("{fr}; le rôle ne peut pas en compter moins."),
            ..out_of_range("seats", filled, 100)
        }
        .into());
    }
    let change = role::ActiveModel {
        seats: Set(input.seats),
        state: Set(match read.state {
            RoleState::Open | RoleState::Filled => state::looking(input.seats, read.filled),
            unchanged @ (RoleState::Draft | RoleState::Closed) => unchanged,
        }),
        ..Default::default()
    };
    let role = state::write(ctx, &*transaction, &read, change).await?;
    if role.state == RoleState::Filled && read.state != RoleState::Filled {
        close_role::answer_all(ctx, &*transaction, role.id, Reason::NoLongerNeeded).await?;
    }
    transaction.commit().await?;
    Ok(role)
}
