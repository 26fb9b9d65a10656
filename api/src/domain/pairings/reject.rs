//! A coordinator says no to a suggestion, an application or an invitation. Whoever began it hears the reason.

use entity::actor_kind::ActorKind;
use entity::id::PairingId;
use entity::pairing;
use entity::personal::Personal;

use super::reason::{self, Reason};
use super::transition::{Applied, Event, Step, apply};
use super::{note_violation, notices, parties, version_violation};
use crate::context::Context;
use crate::domain::{audit, organizations};
use crate::error::DomainError;
use crate::policy::pairing::{PairingAction, decide};
use crate::store::transaction::begin_write;

/// What is rejected, and why.
#[derive(Clone, Debug)]
pub struct Input {
    /// The pairing.
    pub pairing_id: PairingId,
    /// The version the coordinator saw, if it matters.
    pub expected_version: Option<i32>,
    /// Why.
    pub reason: Reason,
    /// More about why, for coordinators.
    pub note: Option<Personal>,
}

/// Rejects the pairing. A repetition gives it back as it is.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    ctx.person()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, input.pairing_id).await?;
    organizations::refuse_conflict(ctx, &*transaction, pairing.organization_id).await?;
    decide(&ctx.actor, PairingAction::Decide, &(&pairing).into()).require()?;
    let mut violations = Vec::new();
    violations.extend(note_violation(input.note.as_ref()));
    violations.extend(input.reason.violation(reason::FOR_REJECTION));
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let before = pairing.state;
    let step = Step {
        note: input.note.clone(),
        ..Step::new(Event::Reject, ActorKind::Coordinator, input.reason)
    };
    let moved = match apply(ctx, &*transaction, &pairing, step).await? {
        Applied::AlreadySo(pairing) => return Ok(pairing),
        Applied::Moved(moved) => moved,
    };
    if let Some(violation) =
        version_violation(input.expected_version, pairing.version, "expectedVersion")
    {
        return Err(violation.into());
    }
    let parties = parties::load(&*transaction, moved).await?;
    notices::ended(ctx, &*transaction, &parties, before, input.reason).await?;
    let subject = ("pairing", Some(pairing.id.uuid()));
    let detail = serde_json::json!({ "from": before.as_str(), "reason": input.reason.as_str() });
    audit::record(ctx, &*transaction, "pairing.rejected", subject, detail).await?;
    transaction.commit().await?;
    Ok(parties.pairing)
}
