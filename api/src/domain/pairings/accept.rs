//! A side says yes to an offer. The second yes takes the seat, or hears that the last one was taken meanwhile.

use entity::actor_kind::ActorKind;
use entity::consent::{ConsentChannel, ConsentPurpose};
use entity::id::PairingId;
use entity::pairing::{self, PairingSide, PairingState};
use sea_orm::ConnectionTrait;

use super::confirm::{self, Outcome};
use super::reason::Reason;
use super::transition::{Event, Next, Step, apply, next, wrong_state};
use super::{side_action, side_actor};
use crate::context::Context;
use crate::domain::accounts::set_consent;
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
    /// Where the answer came from. Accepting is consent to show one's name and address to the other side once both have
    /// accepted: the words beside every accept button say so.
    pub channel: ConsentChannel,
}

/// Accepts. A repeated yes gives the pairing back as it is.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, input.pairing_id).await?;
    decide(&ctx.actor, side_action(input.side), &(&pairing).into()).require()?;
    let actor = side_actor(input.side);
    match next(pairing.state, Event::Accept, actor) {
        Next::AlreadySo => Ok(pairing),
        Next::Refused => Err(refusal(&pairing).into()),
        Next::To(_) if is_too_late(ctx, &pairing) => Err(expired().into()),
        Next::To(PairingState::Confirmed) => {
            consent_to_sharing(ctx, &*transaction, input.channel).await?;
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
            consent_to_sharing(ctx, &*transaction, input.channel).await?;
            let step = Step::new(Event::Accept, actor, Reason::Accepted);
            let accepted = apply(ctx, &*transaction, &pairing, step).await?;
            transaction.commit().await?;
            Ok(accepted.into_pairing())
        }
    }
}

async fn consent_to_sharing(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    channel: ConsentChannel,
) -> Result<(), DomainError> {
    let account_id = ctx.person()?.account_id;
    let act = (ConsentPurpose::Sharing, true, channel);
    set_consent::add(ctx, transaction, account_id, act).await?;
    Ok(())
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
