//! Closing a role, or its project, answers everybody who waits: each open pairing ends with the true reason, and
//! whoever knew of it hears so.

use entity::actor_kind::ActorKind;
use entity::id::RoleId;
use entity::pairing;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::give_way::open_states;
use super::reason::Reason;
use super::transition::{Applied, Event, Step, apply};
use super::{notices, parties};
use crate::actor::Actor;
use crate::context::Context;
use crate::error::DomainError;

/// Ends every open pairing of a role on the caller's transaction, after the caller has closed it. Returns how many.
pub async fn answer_all(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
    reason: Reason,
) -> Result<usize, DomainError> {
    let actor = match &ctx.actor {
        actor if actor.is_staff() => ActorKind::Coordinator,
        Actor::Person(_) => ActorKind::Organization,
        Actor::System | Actor::Anonymous => ActorKind::System,
    };
    let open = pairing::Entity::find()
        .filter(pairing::COLUMN.role_id.eq(role_id))
        .filter(pairing::COLUMN.state.is_in(open_states()))
        .order_by_asc(pairing::Column::Id)
        .lock_exclusive()
        .all(transaction)
        .await?;
    let mut answered = 0;
    for pairing in open {
        let before = pairing.state;
        let step = Step::new(Event::Close, actor, reason);
        if let Applied::Moved(pairing) = apply(ctx, transaction, &pairing, step).await? {
            let parties = parties::load(transaction, pairing).await?;
            notices::ended(ctx, transaction, &parties, before, reason).await?;
            answered += 1;
        }
    }
    Ok(answered)
}
