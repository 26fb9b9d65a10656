//! Taking back an application, or an invitation, before it went out as an offer. Nobody else needs to hear of it.

use entity::id::PairingId;
use entity::pairing::{self, PairingOrigin, PairingSide};
use entity::personal::Personal;

use super::reason::{self, Reason};
use super::transition::{Event, Step, apply};
use super::{note_violation, side_action, side_actor};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::pairing::decide;
use crate::store::transaction::begin_write;

/// What is taken back, and why.
#[derive(Clone, Debug)]
pub struct Input {
    /// The pairing.
    pub pairing_id: PairingId,
    /// Why.
    pub reason: Reason,
    /// More about why, for coordinators.
    pub note: Option<Personal>,
}

/// The side that may take a pairing back before it went out: the organization its invitation, else the volunteer.
pub const fn side(pairing: &pairing::Model) -> PairingSide {
    match pairing.origin {
        PairingOrigin::Organization => PairingSide::Organization,
        PairingOrigin::Volunteer | PairingOrigin::Matcher | PairingOrigin::Coordinator => {
            PairingSide::Volunteer
        }
    }
}

/// Withdraws for the side that began the pairing. A repetition gives the pairing back as it is.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    ctx.person()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, input.pairing_id).await?;
    let side = side(&pairing);
    let allowed = match side {
        PairingSide::Organization => reason::BY_ORGANIZATION,
        PairingSide::Volunteer => reason::BY_VOLUNTEER,
    };
    decide(&ctx.actor, side_action(side), &(&pairing).into()).require()?;
    let mut violations = Vec::new();
    violations.extend(note_violation(input.note.as_ref()));
    violations.extend(input.reason.violation(allowed));
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let step = Step {
        note: input.note.clone(),
        ..Step::new(Event::Withdraw, side_actor(side), input.reason)
    };
    let withdrawn = apply(ctx, &*transaction, &pairing, step).await?;
    transaction.commit().await?;
    Ok(withdrawn.into_pairing())
}
