//! Closing a role, or its project, answers everybody who waits: each open pairing ends with the true reason, and
//! whoever knew of it hears so.

use entity::actor_kind::ActorKind;
use entity::id::{OrganizationId, ProjectId, RoleId};
use entity::{pairing, role};
use sea_orm::sea_query::IntoCondition;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
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
    answer(
        ctx,
        transaction,
        pairing::COLUMN.role_id.eq(role_id),
        reason,
    )
    .await
}

/// The same for every role of a project that ends or rests.
pub async fn answer_project(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    project_id: ProjectId,
    reason: Reason,
) -> Result<usize, DomainError> {
    let roles = role::Entity::find()
        .select_only()
        .column(role::Column::Id)
        .filter(role::COLUMN.project_id.eq(project_id))
        .into_query();
    let is_of_project = pairing::Column::RoleId.in_subquery(roles);
    answer(ctx, transaction, is_of_project, reason).await
}

/// The same for every role of an organization that may not take volunteers for now.
pub async fn answer_organization(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    organization_id: OrganizationId,
    reason: Reason,
) -> Result<usize, DomainError> {
    let is_of_organization = pairing::COLUMN.organization_id.eq(organization_id);
    answer(ctx, transaction, is_of_organization, reason).await
}

async fn answer(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    which: impl IntoCondition,
    reason: Reason,
) -> Result<usize, DomainError> {
    let actor = match &ctx.actor {
        actor if actor.is_staff() => ActorKind::Coordinator,
        Actor::Person(_) => ActorKind::Organization,
        Actor::System | Actor::Anonymous => ActorKind::System,
    };
    let open = pairing::Entity::find()
        .filter(which)
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
