//! A coordinator says yes to one or many pairings. All or none: what stands in the way of any is told for each. They are
//! held for the hold window, in which they can be recalled unseen, and then go out by a job.

use entity::actor_kind::ActorKind;
use entity::id::{PairingId, RoleId};
use entity::pairing;
use entity::personal::Personal;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use validator::Validate;

use super::reason::Reason;
use super::transition::{Applied, Event, Step, apply};
use super::{note_violation, obstacle, parties, pending, version_violation};
use crate::context::Context;
use crate::domain::{audit, organizations};
use crate::error::{Code, DomainError, Violation};
use crate::jobs::{self, send_offer::SendOffer};
use crate::policy::Decision;
use crate::policy::pairing::{PairingAction, decide};
use crate::store::transaction::begin_write;

/// What is approved.
#[derive(Clone, Debug, Validate)]
pub struct Input {
    /// One to a hundred pairings.
    #[validate(length(min = 1, max = 100))]
    pub pairings: Vec<Choice>,
    /// Kept with the events, for coordinators only.
    pub note: Option<Personal>,
}

/// One of the pairings that are approved.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Choice {
    /// The pairing.
    pub id: PairingId,
    /// The version the coordinator saw, if it matters.
    pub expected_version: Option<i32>,
}

/// Approves and holds them.
pub async fn run(ctx: &Context, input: &Input) -> Result<Vec<pairing::Model>, DomainError> {
    ctx.person()?;
    let mut violations = crate::validation::violations(input);
    violations.extend(note_violation(input.note.as_ref()));
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let transaction = begin_write(&ctx.app.store).await?;
    hold_roles(&*transaction, &input.pairings).await?;
    let mut violations = Vec::new();
    let mut approved = Vec::new();
    let mut to_send = Vec::new();
    for (index, choice) in input.pairings.iter().enumerate() {
        let field = format!("pairings.{index}");
        match approve(ctx, &*transaction, choice, input.note.as_ref(), &field).await {
            Ok(Applied::Moved(pairing)) => {
                to_send.push(pairing.id);
                approved.push(pairing);
            }
            Ok(Applied::AlreadySo(pairing)) => approved.push(pairing),
            Err(DomainError::Rules(found)) => {
                violations.extend(found.into_iter().map(|rule| Violation {
                    field: if rule.field.is_empty() {
                        field.clone()
                    } else {
                        rule.field
                    },
                    ..rule
                }));
            }
            Err(error) => return Err(error),
        }
    }
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let held_until = ctx.now() + ctx.app.config.pairing.hold_window;
    // A job for each: one that fails holds up no other.
    for pairing_id in to_send {
        let job = SendOffer { pairing_id };
        jobs::enqueue(&ctx.app, &*transaction, &job, held_until).await?;
    }
    transaction.commit().await?;
    Ok(approved)
}

/// Locks the roles of the pairings against each other's approvals, so that no more wait than may. In the order of their ids: two
/// coordinators who approve the same ones wait, and do not deadlock.
async fn hold_roles(
    transaction: &impl ConnectionTrait,
    choices: &[Choice],
) -> Result<(), DomainError> {
    let roles: Vec<RoleId> = pairing::Entity::find()
        .select_only()
        .column(pairing::Column::RoleId)
        .distinct()
        .filter(
            pairing::COLUMN
                .id
                .is_in(choices.iter().map(|choice| choice.id)),
        )
        .order_by_asc(pairing::Column::RoleId)
        .into_tuple()
        .all(transaction)
        .await?;
    for role_id in roles {
        obstacle::hold(transaction, role_id, LockType::NoKeyUpdate).await?;
    }
    Ok(())
}

async fn approve(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    choice: &Choice,
    note: Option<&Personal>,
    field: &str,
) -> Result<Applied, DomainError> {
    let pairing = super::load(transaction, choice.id).await?;
    organizations::refuse_conflict(ctx, transaction, pairing.organization_id).await?;
    let decision = decide(&ctx.actor, PairingAction::Decide, &(&pairing).into());
    if ctx.actor.is_staff() && decision == Decision::Forbidden {
        return Err(Violation::new(
            Code::ConflictOfInterest,
            "",
            "You belong to one side of this pairing; another coordinator must decide over it.",
            "Vous faites partie de ce jumelage; une autre personne de la coordination doit en décider.",
        )
        .into());
    }
    decision.require()?;
    let step = Step {
        note: note.cloned(),
        changes: pairing::ActiveModel {
            approved_by: Set(ctx.actor.account_id()),
            ..Default::default()
        },
        ..Step::new(Event::Approve, ActorKind::Coordinator, Reason::Approved)
    };
    let before = (pairing.state, pairing.version);
    let approved = match apply(ctx, transaction, &pairing, step).await? {
        Applied::AlreadySo(pairing) => return Ok(Applied::AlreadySo(pairing)),
        Applied::Moved(pairing) => pairing,
    };
    if let Some(violation) = version_violation(choice.expected_version, before.1, field) {
        return Err(violation.into());
    }
    let parties = parties::load(transaction, approved).await?;
    let obstacles = obstacle::list(ctx, transaction, &parties).await?;
    if !obstacles.is_empty() {
        let violations = obstacles.into_iter().map(|(_, violation)| violation);
        return Err(DomainError::Rules(violations.collect()));
    }
    let held = Step {
        changes: pairing::ActiveModel {
            held_until: Set(Some(ctx.now() + ctx.app.config.pairing.hold_window)),
            ..Default::default()
        },
        ..Step::new(Event::Hold, ActorKind::Coordinator, Reason::HoldWindow)
    };
    let applied = apply(ctx, transaction, &parties.pairing, held).await?;
    if let Some(violation) = pending::excess(ctx, transaction, pairing.role_id).await? {
        return Err(violation.into());
    }
    let subject = ("pairing", Some(pairing.id.uuid()));
    let detail = serde_json::json!({ "from": before.0.as_str() });
    audit::record(ctx, transaction, "pairing.approved", subject, detail).await?;
    Ok(applied)
}
