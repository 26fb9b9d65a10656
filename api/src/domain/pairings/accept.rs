//! A side says yes to an offer. The second yes takes the seat, or hears that the last one was taken meanwhile.

use entity::actor_kind::ActorKind;
use entity::id::PairingId;
use entity::pairing::{self, PairingSide, PairingState};

use super::confirm::{self, Outcome};
use super::reason::Reason;
use super::transition::{Event, Next, Step, apply, next, wrong_state};
use super::{side_action, side_actor};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::policy::pairing::decide;
use crate::store::transaction::begin_write;

/// Who accepts what.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// The pairing.
    pub pairing_id: PairingId,
    /// For which side.
    pub side: PairingSide,
}

/// Accepts. A repeated yes gives the pairing back as it is.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, input.pairing_id).await?;
    decide(&ctx.actor, side_action(input.side), &(&pairing).into()).require()?;
    let actor = side_actor(input.side);
    match next(pairing.state, Event::Accept, actor) {
        Next::AlreadySo => return Ok(pairing),
        Next::Refused => return Err(refusal(&pairing).into()),
        Next::To(_) if is_too_late(ctx, &pairing) => return Err(expired().into()),
        Next::To(PairingState::Confirmed) => {
            match confirm::confirm(ctx, &*transaction, &pairing, actor).await? {
                Outcome::Confirmed(pairing) => {
                    transaction.commit().await?;
                    Ok(pairing)
                }
                // That the seat is gone is kept; only then it is told.
                Outcome::Full => {
                    transaction.commit().await?;
                    Err(super::full().into())
                }
            }
        }
        Next::To(_) => {
            if actor == ActorKind::Volunteer {
                confirm::require_capacity(&*transaction, &pairing).await?;
            }
            let step = Step::new(Event::Accept, actor, Reason::Accepted);
            let accepted = apply(ctx, &*transaction, &pairing, step).await?;
            transaction.commit().await?;
            Ok(accepted.into_pairing())
        }
    }
}

fn is_too_late(ctx: &Context, pairing: &pairing::Model) -> bool {
    pairing
        .answer_due_at
        .is_some_and(|due_at| due_at <= ctx.now())
}

/// Someone whose seat was taken by another hears just that.
fn refusal(pairing: &pairing::Model) -> Violation {
    let is_filled = pairing.state == PairingState::Superseded
        && pairing.reason_code.as_deref() == Some(Reason::RoleFilled.as_str());
    match pairing.state {
        _ if is_filled => super::full(),
        PairingState::Expired => expired(),
        state => wrong_state(state),
    }
}

fn expired() -> Violation {
    Violation::new(
        Code::Expired,
        "",
        "The deadline for an answer has passed.",
        "Le délai de réponse est passé.",
    )
}
