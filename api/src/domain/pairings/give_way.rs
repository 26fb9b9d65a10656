//! What a confirmed pairing makes impossible ends here, at once and with the true reason: the others of a role that is
//! full, and the volunteer's others that are more than they have left to give, or meet when they are needed here.

use entity::actor_kind::ActorKind;
use entity::pairing::{self, PairingState};
use entity::role::{self, RoleState};
use entity::volunteer;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::confirm::Load;
use super::reason::Reason;
use super::transition::{Applied, Event, Step, apply};
use super::{notices, parties};
use crate::context::Context;
use crate::domain::placements::conflicts;
use crate::error::DomainError;

/// Ends what became impossible after `volunteer` took a seat of `role` and now carries `load`.
pub(super) async fn after(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role: &role::Model,
    volunteer: &volunteer::Model,
    load: Load,
) -> Result<(), DomainError> {
    let mut affected = Condition::any().add(pairing::COLUMN.volunteer_id.eq(volunteer.id));
    if role.state == RoleState::Filled {
        affected = affected.add(pairing::COLUMN.role_id.eq(role.id));
    }
    // Locked in the order of their ids: two confirmations that touch the same pairings wait, and do not deadlock.
    let candidates = pairing::Entity::find()
        .filter(affected)
        .filter(pairing::COLUMN.state.is_in(open_states()))
        .order_by_asc(pairing::Column::Id)
        .lock_exclusive()
        .all(transaction)
        .await?;
    for pairing in candidates {
        let reason = if pairing.role_id == role.id {
            Some(Reason::RoleFilled)
        } else {
            let other = role::Entity::find_by_id(pairing.role_id)
                .one(transaction)
                .await?
                .ok_or(DomainError::NotFound)?;
            match load.excess(volunteer, other.hours_per_week) {
                Some(reason) => Some(reason),
                None => conflicts::between(ctx, transaction, &other, role.clone())
                    .await?
                    .is_some_and(|conflict| conflict.is_clash)
                    .then_some(Reason::MeetingsClash),
            }
        };
        let Some(reason) = reason else { continue };
        let before = pairing.state;
        let step = Step::new(Event::Supersede, ActorKind::System, reason);
        if let Applied::Moved(pairing) = apply(ctx, transaction, &pairing, step).await? {
            let parties = parties::load(transaction, pairing).await?;
            notices::ended(ctx, transaction, &parties, before, reason).await?;
        }
    }
    Ok(())
}

/// The states of pairings that are neither over nor confirmed.
pub(in crate::domain) fn open_states() -> impl Iterator<Item = PairingState> {
    PairingState::LIVE
        .iter()
        .copied()
        .filter(|state| *state != PairingState::Confirmed)
}
