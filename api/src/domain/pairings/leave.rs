//! A volunteer leaves the marketplace for good: whatever is open ends, placements free their seats, and the other sides hear
//! so. Each pairing ends in a transaction of its own, so that it may be gone on with where it was broken off.

use entity::actor_kind::ActorKind;
use entity::id::{PairingId, VolunteerId};
use entity::pairing::{self, PairingOrigin, PairingSide, PairingState};
use entity::placement;
use matcher::mail::{Message, VolunteerLeft};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::reason::Reason;
use super::transition::{Applied, Event, Next, Step, apply, next};
use super::{notices, parties};
use crate::context::Context;
use crate::domain::placements::change::{self, Change, EndReason};
use crate::domain::placements::meetings;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Ends every live pairing of a volunteer.
pub async fn run(ctx: &Context, volunteer_id: VolunteerId) -> Result<(), DomainError> {
    let live = live(volunteer_id).all(&ctx.app.store.connection).await?;
    for pairing in live {
        retrying(|| end(ctx, pairing.id)).await?;
    }
    Ok(())
}

/// Whether a volunteer has a pairing that is not over.
pub async fn has_live(
    connection: &impl ConnectionTrait,
    volunteer_id: VolunteerId,
) -> Result<bool, DomainError> {
    Ok(live(volunteer_id).one(connection).await?.is_some())
}

fn live(volunteer_id: VolunteerId) -> sea_orm::Select<pairing::Entity> {
    pairing::Entity::find()
        .filter(pairing::COLUMN.volunteer_id.eq(volunteer_id))
        .filter(
            pairing::COLUMN
                .state
                .is_in(PairingState::LIVE.iter().copied()),
        )
        .order_by_asc(pairing::Column::Id)
}

async fn end(ctx: &Context, id: PairingId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, id).await?;
    if pairing.state == PairingState::Confirmed {
        end_placement(ctx, &*transaction, pairing).await?;
    } else {
        let before = pairing.state;
        let step = step(&pairing);
        let is_withdrawn = step.event == Event::Withdraw;
        if let Applied::Moved(pairing) = apply(ctx, &*transaction, &pairing, step).await?
            // As whenever it is taken back before it went out: nobody else needs to hear of it.
            && !is_withdrawn
        {
            let parties = parties::load(&*transaction, pairing).await?;
            notices::ended(ctx, &*transaction, &parties, before, Reason::VolunteerLeft).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// What did not go out yet is taken back by the volunteer, whose departure it is; the rest is closed.
fn step(pairing: &pairing::Model) -> Step {
    let withdraw = next(pairing.state, Event::Withdraw, ActorKind::Volunteer);
    let is_own = pairing.origin != PairingOrigin::Organization;
    if is_own && matches!(withdraw, Next::To(_)) {
        Step::new(Event::Withdraw, ActorKind::Volunteer, Reason::VolunteerLeft)
    } else {
        Step::new(Event::Close, ActorKind::System, Reason::VolunteerLeft)
    }
}

/// Ends the placement early, which frees its seat, and tells the organization.
async fn end_placement(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: pairing::Model,
) -> Result<(), DomainError> {
    let placement = placement::Entity::find()
        .filter(placement::COLUMN.pairing_id.eq(pairing.id))
        .lock_exclusive()
        .one(transaction)
        .await?;
    let ending = Change::End(EndReason::VolunteerLeft);
    let ended = match placement {
        Some(placement) if change::next(placement.state, ending).is_some() => {
            change::apply(ctx, transaction, &placement, &pairing, ending).await?
        }
        // The work is over already.
        _ => {
            let step = Step::new(Event::Conclude, ActorKind::System, Reason::PlacementEnded);
            apply(ctx, transaction, &pairing, step).await?;
            return Ok(());
        }
    };
    let parties = parties::load(transaction, pairing).await?;
    let meetings = meetings::called_off(ctx, &parties, &ended);
    notices::send(
        ctx,
        transaction,
        &parties,
        PairingSide::Organization,
        |link| {
            Message::VolunteerLeft(VolunteerLeft {
                role: parties.role_summary(),
                volunteer_first_name: parties.volunteer_first_name().into_exposed(),
                meetings: meetings.clone(),
                link,
            })
        },
    )
    .await
}
