//! Putting a held pairing to both sides once its hold window is over, and reminding those who have not answered at half
//! time. Jobs call these; whatever changed since the approval is looked at again.

use chrono::{DateTime, Utc};
use entity::actor_kind::ActorKind;
use entity::id::PairingId;
use entity::pairing::{self, PairingSide, PairingState};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, Set};

use super::parties::{self, Parties};
use super::reason::Reason;
use super::transition::{Applied, Event, Step, apply};
use super::{notices, obstacle};
use crate::context::Context;
use crate::error::DomainError;
use crate::jobs::{self, expire_offer::ExpireOffer, remind_offer::RemindOffer};
use crate::store::transaction::begin_write;

/// Offers a held pairing, or closes it when it is no longer possible. Does nothing when it is not held any more. The moment to
/// come back at when it is not due, as after the clock was put back.
pub async fn run(
    ctx: &Context,
    pairing_id: PairingId,
) -> Result<Option<DateTime<Utc>>, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, pairing_id).await?;
    let Some(held_until) = pairing
        .held_until
        .filter(|_| pairing.state == PairingState::Held)
    else {
        return Ok(None);
    };
    if held_until > ctx.now() {
        return Ok(Some(held_until));
    }
    obstacle::hold(&*transaction, pairing.role_id, LockType::Share).await?;
    let parties = parties::load(&*transaction, pairing).await?;
    let obstacles = obstacle::list(ctx, &*transaction, &parties).await?;
    if let Some((reason, _)) = obstacles.into_iter().next() {
        let step = Step::new(Event::Close, ActorKind::System, reason);
        apply(ctx, &*transaction, &parties.pairing, step).await?;
        notices::ended(ctx, &*transaction, &parties, PairingState::Held, reason).await?;
        transaction.commit().await?;
        return Ok(None);
    }
    let life = ctx.app.config.pairing.offer_life;
    let due_at = ctx.now() + life;
    let step = Step {
        changes: pairing::ActiveModel {
            offered_at: Set(Some(ctx.now())),
            answer_due_at: Set(Some(due_at)),
            ..Default::default()
        },
        ..Step::new(Event::Offer, ActorKind::System, Reason::Sent)
    };
    if let Applied::Moved(pairing) = apply(ctx, &*transaction, &parties.pairing, step).await? {
        let parties = Parties { pairing, ..parties };
        for side in [PairingSide::Volunteer, PairingSide::Organization] {
            notices::offer(ctx, &*transaction, &parties, side, false).await?;
        }
        let remind = RemindOffer { pairing_id };
        jobs::enqueue(&ctx.app, &*transaction, &remind, ctx.now() + life / 2).await?;
        let expire = ExpireOffer { pairing_id };
        jobs::enqueue(&ctx.app, &*transaction, &expire, due_at).await?;
    }
    transaction.commit().await?;
    Ok(None)
}

/// Reminds the sides that have not answered an open offer, once.
pub async fn remind(ctx: &Context, pairing_id: PairingId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, pairing_id).await?;
    let silent: &[PairingSide] = match pairing.state {
        PairingState::Offered => &[PairingSide::Volunteer, PairingSide::Organization],
        PairingState::VolunteerAccepted => &[PairingSide::Organization],
        PairingState::OrganizationAccepted => &[PairingSide::Volunteer],
        _ => return Ok(()),
    };
    if pairing.reminded_at.is_some() {
        return Ok(());
    }
    // Of two workers that hold the same job for a moment, the second changes no row and looks again.
    let marked = pairing::Entity::update_many()
        .set(pairing::ActiveModel {
            reminded_at: Set(Some(ctx.now())),
            ..Default::default()
        })
        .filter(pairing::COLUMN.id.eq(pairing.id))
        .filter(pairing::COLUMN.version.eq(pairing.version))
        .filter(pairing::COLUMN.reminded_at.is_null())
        .exec(&*transaction)
        .await?;
    if marked.rows_affected == 0 {
        return Err(DomainError::Retry(DbErr::RecordNotUpdated));
    }
    let parties = parties::load(&*transaction, pairing).await?;
    for side in silent {
        notices::offer(ctx, &*transaction, &parties, *side, true).await?;
    }
    transaction.commit().await?;
    Ok(())
}
