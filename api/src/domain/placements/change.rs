//! A placement begins, is completed, or ends early, by one guarded statement. An early end frees its seat. With
//! the placement its pairing is over: contact data are hidden again, and the two may be paired anew.

use entity::id::PlacementId;
use entity::pairing;
use entity::placement::{self, PlacementState};
use entity::role::{self, RoleState};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use super::{load, meetings, update};
use crate::context::Context;
use crate::domain::pairings::reason::Reason;
use crate::domain::pairings::transition::{self, Event, Step};
use crate::domain::{audit, pairings};
use crate::error::{Code, DomainError, Violation};
use crate::policy::pairing::{PairingAction, decide};
use crate::store::transaction::begin_write;

/// What happens to a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The work begins.
    Start,
    /// The work is done.
    Complete,
    /// It ends before that.
    End(EndReason),
}

/// Why a placement ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The volunteer could not go on.
    VolunteerLeft,
    /// The organization could not go on.
    OrganizationEnded,
    /// The volunteer was not heard of any more.
    Ghosted,
    /// Something else.
    Other,
}

impl EndReason {
    /// The stored code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VolunteerLeft => "volunteer_left",
            Self::OrganizationEnded => "organization_ended",
            Self::Ghosted => "ghosted",
            Self::Other => "other",
        }
    }

    /// The reason with this stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::VolunteerLeft,
            Self::OrganizationEnded,
            Self::Ghosted,
            Self::Other,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == code)
    }
}

/// Which placement, and what happens to it.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// The placement.
    pub placement_id: PlacementId,
    /// What happens.
    pub change: Change,
}

/// Where `change` leads from `from`; nowhere when it is not possible.
pub const fn next(from: PlacementState, change: Change) -> Option<PlacementState> {
    use PlacementState::{Active, Completed, Ended, Paused, PendingStart};
    match (change, from) {
        (Change::Start, PendingStart | Paused) => Some(Active),
        (Change::Complete, Active | Paused) => Some(Completed),
        (Change::End(_), PendingStart | Active | Paused) => Some(Ended),
        _ => None,
    }
}

/// Changes the placement. A repetition gives it back as it is.
pub async fn run(ctx: &Context, input: &Input) -> Result<placement::Model, DomainError> {
    ctx.person()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let before = load(&*transaction, input.placement_id).await?;
    let pairing = pairings::load(&*transaction, before.pairing_id).await?;
    decide(
        &ctx.actor,
        PairingAction::ManagePlacement,
        &(&pairing).into(),
    )
    .require()?;
    if next(before.state, input.change).is_none() && is_already_so(&before, input.change) {
        return Ok(before);
    }
    let after = apply(ctx, &*transaction, &before, &pairing, input.change).await?;
    if matches!(
        after.state,
        PlacementState::Completed | PlacementState::Ended
    ) {
        meetings::tell_end(ctx, &*transaction, pairing, &after).await?;
    }
    transaction.commit().await?;
    Ok(after)
}

/// Changes a placement that was read in this transaction, together with its pairing. The caller has made sure that the
/// actor may, and tells the two sides.
///
/// # Errors
/// A [`Code::WrongState`] violation when its state does not allow the change; [`DomainError::Retry`] when another
/// transaction changed it since it was read.
pub(in crate::domain) async fn apply(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    before: &placement::Model,
    pairing: &pairing::Model,
    change: Change,
) -> Result<placement::Model, DomainError> {
    let state = next(before.state, change).ok_or_else(wrong_state)?;
    let end_reason = match change {
        Change::End(reason) => Some(reason.as_str().to_owned()),
        Change::Start | Change::Complete => None,
    };
    let is_over = matches!(state, PlacementState::Completed | PlacementState::Ended);
    let changes = placement::ActiveModel {
        state: Set(state),
        end_reason: Set(end_reason),
        calendar_sequence: Set(before.calendar_sequence + i32::from(is_over)),
        ..Default::default()
    };
    let changed = update(ctx, transaction, before, changes).await?;
    let concluded = match state {
        PlacementState::Ended => {
            free_seat(ctx, transaction, before).await?;
            Some(Reason::PlacementEnded)
        }
        PlacementState::Completed => Some(Reason::PlacementCompleted),
        _ => None,
    };
    if let Some(reason) = concluded {
        let step = Step::new(Event::Conclude, pairings::acting_as(ctx), reason);
        transition::apply(ctx, transaction, pairing, step).await?;
    }
    let subject = ("placement", Some(before.id.uuid()));
    let detail = serde_json::json!({ "from": before.state.as_str(), "to": state.as_str() });
    audit::record(ctx, transaction, "placement.changed", subject, detail).await?;
    Ok(changed)
}

/// Gives the seat back; a role that was full looks for people again.
async fn free_seat(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    placement: &placement::Model,
) -> Result<(), DomainError> {
    let state = || Expr::col(role::Column::State);
    role::Entity::update_many()
        .col_expr(role::Column::Filled, Expr::col(role::Column::Filled).sub(1))
        .col_expr(
            role::Column::State,
            Expr::case(
                state().eq(RoleState::Filled.as_str()),
                Expr::val(RoleState::Open.as_str()),
            )
            .finally(state())
            .into(),
        )
        .col_expr(role::Column::UpdatedAt, Expr::val(ctx.now()))
        .filter(role::COLUMN.id.eq(placement.role_id))
        .filter(Expr::col(role::Column::Filled).gt(0))
        .exec(transaction)
        .await?;
    Ok(())
}

fn is_already_so(placement: &placement::Model, change: Change) -> bool {
    matches!(
        (change, placement.state),
        (Change::Start, PlacementState::Active)
            | (Change::Complete, PlacementState::Completed)
            | (Change::End(_), PlacementState::Ended)
    )
}

fn wrong_state() -> Violation {
    Violation::new(
        Code::WrongState,
        "",
        "The placement is not in a state that allows this.",
        "L’état du placement ne permet pas cette action.",
    )
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn every_transition() {
        let mut text = String::new();
        for change in [
            Change::Start,
            Change::Complete,
            Change::End(EndReason::Other),
        ] {
            for &from in PlacementState::ALL {
                if let Some(to) = next(from, change) {
                    writeln!(text, "{change:?}: {from} → {to}").unwrap();
                }
            }
        }
        insta::assert_snapshot!(text, @r"
        Start: pending_start → active
        Start: paused → active
        Complete: active → completed
        Complete: paused → completed
        End(Other): pending_start → ended
        End(Other): active → ended
        End(Other): paused → ended
        ");
    }
}
