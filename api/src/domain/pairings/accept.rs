//! A side says yes to an offer. The second yes takes the seat, or hears that the last one was taken meanwhile. When the
//! first yes no longer holds, the second takes its place and the other side is asked again.

use entity::actor_kind::ActorKind;
use entity::consent::{ConsentChannel, ConsentPurpose};
use entity::id::PairingId;
use entity::pairing::{self, PairingSide, PairingState};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::LockType;

use super::confirm::{self, Outcome};
use super::parties::{self, Parties};
use super::reason::Reason;
use super::transition::{Event, Next, Step, apply, next, wrong_state};
use super::{notices, obstacle, reserve, side_action, side_actor};
use crate::context::Context;
use crate::domain::accounts::set_consent;
use crate::error::{Code, DomainError, Violation};
use crate::policy::pairing::decide;
use crate::store::transaction::{WriteTransaction, begin_write};

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
    match next(pairing.state, Event::Accept, side_actor(input.side)) {
        Next::AlreadySo => Ok(pairing),
        Next::Refused => {
            if input.side == PairingSide::Volunteer && is_filled(&pairing) {
                reserve::join(ctx, &*transaction, &pairing).await?;
                transaction.commit().await?;
            }
            Err(refusal(&pairing).into())
        }
        Next::To(_) if is_too_late(ctx, &pairing) => Err(expired().into()),
        // Boxed: with all that a second yes does, its future would be 16 KiB in every caller's.
        Next::To(to) => Box::pin(answer(ctx, transaction, pairing, input, to)).await,
    }
}

/// Says the yes that leads to `to`.
async fn answer(
    ctx: &Context,
    transaction: WriteTransaction,
    pairing: pairing::Model,
    input: &Input,
    to: PairingState,
) -> Result<pairing::Model, DomainError> {
    let actor = side_actor(input.side);
    let is_second = to == PairingState::Confirmed;
    // The second yes changes the role's seats.
    let lock = if is_second {
        LockType::NoKeyUpdate
    } else {
        LockType::Share
    };
    obstacle::hold(&*transaction, pairing.role_id, lock).await?;
    let parties = parties::load(&*transaction, pairing).await?;
    if let Some((_, violation)) = obstacle::closed(ctx, &parties) {
        return Err(violation.into());
    }
    consent_to_sharing(ctx, &*transaction, input.channel).await?;
    if is_second && confirm::first_yes_holds(&*transaction, &parties).await? {
        return match confirm::confirm(ctx, &*transaction, &parties.pairing, actor).await? {
            Outcome::Confirmed(pairing) => {
                transaction.commit().await?;
                Ok(pairing)
            }
            // That the seat is gone is kept; only then it is told.
            Outcome::Full => {
                transaction.commit().await?;
                Err(super::full().into())
            }
        };
    }
    if actor == ActorKind::Volunteer {
        confirm::require_capacity(ctx, &*transaction, &parties.pairing, actor).await?;
    }
    let mut before = parties.pairing.clone();
    if is_second {
        let lapse = Step::new(Event::Lapse, ActorKind::System, Reason::AnswerLapsed);
        before = apply(ctx, &*transaction, &before, lapse)
            .await?
            .into_pairing();
    }
    let step = Step::new(Event::Accept, actor, Reason::Accepted);
    let pairing = apply(ctx, &*transaction, &before, step)
        .await?
        .into_pairing();
    let parties = Parties { pairing, ..parties };
    if is_second {
        let reader = notices::other(input.side);
        notices::offer(ctx, &*transaction, &parties, reader, false).await?;
    }
    transaction.commit().await?;
    Ok(parties.pairing)
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

fn is_filled(pairing: &pairing::Model) -> bool {
    pairing.state == PairingState::Superseded
        && pairing.reason_code.as_deref() == Some(Reason::RoleFilled.as_str())
}

/// Someone whose seat was taken by another hears just that.
fn refusal(pairing: &pairing::Model) -> Violation {
    match pairing.state {
        _ if is_filled(pairing) => super::full(),
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
