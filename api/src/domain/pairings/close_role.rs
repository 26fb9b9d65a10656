//! Closing a role, or its project, answers everybody who waits: each open pairing ends with the true reason, and
//! whoever knew of it hears so.

use entity::id::{OrganizationId, ProjectId, RoleId};
use entity::pairing::{self, PairingState};
use entity::role;
use sea_orm::sea_query::IntoCondition;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::give_way::open_states;
use super::reason::Reason;
use super::transition::{Applied, Event, Step, apply};
use super::{acting_as, notices, parties};
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

/// Ends the open offers of a role whose terms have changed: what one side said yes to must not become something else.
/// What was not put to anybody yet stays, and is looked at again when it is approved and sent.
pub async fn answer_offered(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
) -> Result<usize, DomainError> {
    let which = Condition::all()
        .add(pairing::COLUMN.role_id.eq(role_id))
        .add(pairing::COLUMN.state.is_in([
            PairingState::Offered,
            PairingState::VolunteerAccepted,
            PairingState::OrganizationAccepted,
        ]));
    answer(ctx, transaction, which, Reason::ProjectChanged).await
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
    let actor = acting_as(ctx);
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
