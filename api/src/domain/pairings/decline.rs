//! A side says no. Nothing is owed: a reason may be given, and is told to the other side in neutral words; the note is for
//! coordinators only.

use entity::id::PairingId;
use entity::pairing::{self, PairingSide};
use entity::personal::Personal;
use sea_orm::Set;

use super::reason::{self, Reason};
use super::transition::{Applied, Event, Step, apply};
use super::{note_violation, notices, parties, side_action, side_actor};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::pairing::decide;
use crate::store::transaction::begin_write;

/// Who declines what, and why.
#[derive(Clone, Debug)]
pub struct Input {
    /// The pairing.
    pub pairing_id: PairingId,
    /// For which side.
    pub side: PairingSide,
    /// Why.
    pub reason: Reason,
    /// More about why, for coordinators.
    pub note: Option<Personal>,
}

/// Declines. A repeated no gives the pairing back as it is.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, input.pairing_id).await?;
    decide(&ctx.actor, side_action(input.side), &(&pairing).into()).require()?;
    let mut violations = Vec::new();
    violations.extend(note_violation(input.note.as_ref()));
    violations.extend(input.reason.violation(match input.side {
        PairingSide::Volunteer => reason::BY_VOLUNTEER,
        PairingSide::Organization => reason::BY_ORGANIZATION,
    }));
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let step = Step {
        note: input.note.clone(),
        changes: pairing::ActiveModel {
            declined_by: Set(Some(input.side)),
            ..Default::default()
        },
        ..Step::new(Event::Decline, side_actor(input.side), input.reason)
    };
    let declined = match apply(ctx, &*transaction, &pairing, step).await? {
        Applied::AlreadySo(pairing) => return Ok(pairing),
        Applied::Moved(pairing) => pairing,
    };
    let parties = parties::load(&*transaction, declined).await?;
    notices::declined(ctx, &*transaction, &parties, input.side, input.reason).await?;
    transaction.commit().await?;
    Ok(parties.pairing)
}
