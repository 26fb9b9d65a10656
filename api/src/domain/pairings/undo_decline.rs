//! Taking a no back, within the undo window and while the pairing is still possible. It stands again where it stood: an
//! acceptance of the other side still counts.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, PairingId};
use entity::mail_message::{self, MailState};
use entity::pairing::{self, PairingSide, PairingState};
use entity::pairing_event;
use matcher::mail::Kind;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set,
};

use super::parties::Parties;
use super::reason::Reason;
use super::transition::{Applied, Event, Next, Step, apply, next, wrong_state};
use super::{notices, obstacle, parties, side_action, side_actor};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::policy::pairing::decide;
use crate::store::transaction::begin_write;

/// Who takes which no back.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// The pairing.
    pub pairing_id: PairingId,
    /// The side that declined.
    pub side: PairingSide,
}

/// Takes the decline back. When it was taken back already, gives the pairing as it is.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, input.pairing_id).await?;
    decide(&ctx.actor, side_action(input.side), &(&pairing).into()).require()?;
    let actor = side_actor(input.side);
    if let Next::AlreadySo = next(
        pairing.state,
        Event::UndoDecline {
            back_to: pairing.state,
        },
        actor,
    ) {
        return Ok(pairing);
    }
    if pairing.state != PairingState::Declined || pairing.declined_by != Some(input.side) {
        return Err(wrong_state(pairing.state).into());
    }
    let (back_to, declined_at) = last_step(&*transaction, &pairing).await?;
    let is_over = pairing
        .answer_due_at
        .is_some_and(|due_at| due_at <= ctx.now());
    if is_over || declined_at + ctx.app.config.pairing.undo_window <= ctx.now() {
        return Err(too_late().into());
    }
    obstacle::hold(&*transaction, pairing.role_id, LockType::Share).await?;
    let step = Step {
        changes: pairing::ActiveModel {
            declined_by: Set(None),
            ..Default::default()
        },
        ..Step::new(Event::UndoDecline { back_to }, actor, Reason::Undone)
    };
    let restored = match apply(ctx, &*transaction, &pairing, step).await? {
        Applied::AlreadySo(pairing) => return Ok(pairing),
        Applied::Moved(pairing) => pairing,
    };
    let parties = parties::load(&*transaction, restored).await?;
    if let Some((_, violation)) = obstacle::find(ctx, &parties) {
        return Err(violation.into());
    }
    tell_again(ctx, &*transaction, &parties, input.side).await?;
    transaction.commit().await?;
    Ok(parties.pairing)
}

/// Until when the decline of a pairing can be taken back, if it can be at all.
pub async fn undoable_until(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<Option<DateTime<Utc>>, DomainError> {
    if pairing.state != PairingState::Declined {
        return Ok(None);
    }
    let (_, declined_at) = last_step(connection, pairing).await?;
    Ok(window(ctx, pairing, declined_at))
}

/// Until when the decline of a pairing can be taken back, if it can be at all; `declined_at` is when it took its last
/// step.
pub fn window(
    ctx: &Context,
    pairing: &pairing::Model,
    declined_at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if pairing.state != PairingState::Declined {
        return None;
    }
    let window_ends = declined_at + ctx.app.config.pairing.undo_window;
    let ends = pairing
        .answer_due_at
        .map_or(window_ends, |due_at| due_at.min(window_ends));
    (ends > ctx.now()).then_some(ends)
}

/// The state before the last step, and when that step was taken.
async fn last_step(
    connection: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<(PairingState, DateTime<Utc>), DomainError> {
    let event = pairing_event::Entity::find()
        .filter(pairing_event::COLUMN.pairing_id.eq(pairing.id))
        .order_by_desc(pairing_event::Column::Sequence)
        .one(connection)
        .await?
        .ok_or_else(|| DomainError::internal("a pairing has no event"))?;
    Ok((event.from_state.unwrap_or(pairing.state), event.at))
}

/// Tells those on the other side again what the decline had ended, unless that is what they last heard, or will hear.
async fn tell_again(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
    declined_by: PairingSide,
) -> Result<(), DomainError> {
    let reader = notices::other(declined_by);
    let pairing = &parties.pairing;
    let (stands, ended) = match (pairing.offered_at, reader) {
        (None, _) => (Kind::ApplicationReceived, Kind::NotSelected),
        (Some(_), PairingSide::Volunteer) => (Kind::OfferToVolunteer, Kind::Declined),
        (Some(_), PairingSide::Organization) => (Kind::OfferToOrganization, Kind::Declined),
    };
    if !notices::is_timely(stands, pairing.state) {
        return Ok(());
    }
    let mut unaware = Vec::new();
    for account in notices::readers(parties, reader) {
        if !knows(transaction, pairing.id, account.id, stands, ended).await? {
            unaware.push(account);
        }
    }
    if unaware.is_empty() {
        Ok(())
    } else if pairing.offered_at.is_some() {
        notices::offer_to(ctx, transaction, parties, (reader, &unaware), false).await
    } else {
        notices::applied(ctx, transaction, parties, reader).await
    }
}

/// Whether a mail of kind `stands` was the last of the two kinds that reached an account, or is still on its way.
async fn knows(
    connection: &impl ConnectionTrait,
    pairing: PairingId,
    account: AccountId,
    stands: Kind,
    ended: Kind,
) -> Result<bool, DomainError> {
    let mails = |kinds: &[Kind], state: MailState| {
        mail_message::Entity::find()
            .filter(mail_message::COLUMN.pairing_id.eq(pairing))
            .filter(mail_message::COLUMN.account_id.eq(account))
            .filter(mail_message::Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
            .filter(mail_message::COLUMN.state.eq(state))
            .order_by_desc(mail_message::Column::SentAt)
            .order_by_desc(mail_message::Column::Id)
    };
    let heard = mails(&[stands, ended], MailState::Sent)
        .one(connection)
        .await?;
    if let Some(last) = heard {
        return Ok(last.kind == stands.as_str());
    }
    let waiting = mails(&[stands], MailState::Queued).one(connection).await?;
    Ok(waiting.is_some())
}

fn too_late() -> Violation {
    Violation::new(
        Code::Expired,
        "",
        "It is too late to take this back; write to the coordinators if you still want it.",
        "Il est trop tard pour revenir sur cette réponse; écrivez à la coordination si vous le souhaitez encore.",
    )
}
