//! What keeps a pairing from going on now, as the reason its end would have and in words: asked at each step, since role,
//! project, organization and volunteer go their own ways meanwhile.

use entity::actor_kind::ActorKind;
use entity::id::RoleId;
use entity::organization::OrganizationState;
use entity::project::ProjectState;
use entity::role::RoleState;
use entity::volunteer::VolunteerState;
use entity::{organization, project, role};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, EntityTrait as _, QuerySelect as _};

use super::clash;
use super::parties::{self, Parties};
use super::reason::Reason;
use crate::context::Context;
use crate::domain::matching::recheck;
use crate::domain::organizations;
use crate::error::{Code, DomainError, Violation};

/// Why a pairing cannot go on.
pub(super) type Obstacle = (Reason, Violation);

/// Locks a role as `lock` says, and its project and organization against changes, until the transaction ends. Whoever
/// closes one of them either comes first, and is seen, or waits and then answers the pairing too.
///
/// The order is the same everywhere: role, project, organization, volunteer, pairings by id.
pub(in crate::domain) async fn hold(
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
    lock: LockType,
) -> Result<role::Model, DomainError> {
    let role = role::Entity::find_by_id(role_id)
        .lock(lock)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    project::Entity::find_by_id(role.project_id)
        .lock_shared()
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    organization::Entity::find_by_id(role.organization_id)
        .lock_shared()
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    Ok(role)
}

/// Whether organization, project or role look for nobody at present.
pub(super) fn closed(ctx: &Context, parties: &Parties) -> Option<Obstacle> {
    let organization = organizations::facts(&parties.organization, ctx.now());
    if organization.state != OrganizationState::Vetted {
        return Some((
            Reason::OrganizationUnavailable,
            Violation::new(
                Code::WrongState,
                "",
                "The organization is not vetted at present.",
                "L’organisme n’est pas agréé en ce moment.",
            ),
        ));
    }
    let project_is_open = matches!(
        parties.project.state,
        ProjectState::Published | ProjectState::InProgress
    );
    if !project_is_open || matches!(parties.role.state, RoleState::Draft | RoleState::Closed) {
        return Some((
            Reason::RoleClosed,
            Violation::new(
                Code::WrongState,
                "",
                "The role is not open.",
                "Le rôle n’est pas ouvert.",
            ),
        ));
    }
    None
}

/// Whether the role is closed or full, or the volunteer away.
pub(super) fn find(ctx: &Context, parties: &Parties) -> Option<Obstacle> {
    if let Some(obstacle) = closed(ctx, parties) {
        return Some(obstacle);
    }
    if parties.role.filled >= parties.role.seats {
        return Some((Reason::RoleFilled, super::full()));
    }
    let is_away = match parties.volunteer.state {
        VolunteerState::Active | VolunteerState::Busy => false,
        VolunteerState::Paused => parties
            .volunteer
            .paused_until
            .is_none_or(|until| until > ctx.now().date_naive()),
        VolunteerState::Left => true,
    };
    if is_away || !parties::is_reachable(&parties.volunteer_account) {
        return Some((
            Reason::NoTime,
            Violation::new(
                Code::Gated,
                "",
                "The volunteer is not available for offers at present.",
                "La personne bénévole n’est pas disponible pour des offres en ce moment.",
            ),
        ));
    }
    None
}

/// Everything in the way of an offer: the above, else the consent to be proposed, the gates on facts, and meetings of a placement
/// at the same times.
pub(super) async fn list(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
) -> Result<Vec<Obstacle>, DomainError> {
    if let Some(obstacle) = find(ctx, parties) {
        return Ok(vec![obstacle]);
    }
    let mut obstacles = recheck::run(ctx, transaction, &parties.pairing).await?;
    if let Some(clash) = clash::find(ctx, transaction, &parties.role, parties.volunteer.id).await? {
        let violation = clash::violation(&parties.role, &clash, ActorKind::Coordinator);
        obstacles.push((Reason::MeetingsClash, violation));
    }
    Ok(obstacles)
}
