//! Organizations: written by their owners, vetted by coordinators, hidden as soon as the vetting no longer holds.

pub mod answer_membership;
pub mod ask_info;
pub mod charity_number;
pub mod create;
mod details;
pub mod expire_due;
pub mod flag;
pub(in crate::domain) mod leave_all;
pub mod list;
pub mod mail;
pub mod reinstate;
pub mod reject;
pub mod remove_member;
pub mod request_membership;
pub mod responsiveness;
mod review;
pub(in crate::domain) use review::refuse_conflict;
pub mod set_member_role;
pub mod start_review;
pub mod submit;
pub mod transition;
pub mod update;
pub mod vet;
pub mod withdraw;

use chrono::{DateTime, Utc};
use entity::id::{MembershipId, OrganizationId};
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization::{self, OrganizationState};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
};

use crate::actor::Actor;
use crate::context::Context;
use crate::domain::text;
use crate::error::{Code, DomainError, Violation};
use crate::policy::organization::{Facts, OrganizationAction, decide};

/// What policies need to know of an organization. A vetting that has run out counts as expired, even before the job
/// that says so has run.
pub fn facts(organization: &organization::Model, now: DateTime<Utc>) -> Facts {
    let has_run_out = organization
        .vetted_until
        .is_some_and(|vetted_until| vetted_until <= now);
    let state = match organization.state {
        OrganizationState::Vetted if has_run_out => OrganizationState::Expired,
        state => state,
    };
    Facts {
        id: organization.id,
        state,
    }
}

/// The organization `id`, if the actor may do `action` to it.
pub async fn load(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    id: OrganizationId,
    action: OrganizationAction,
) -> Result<organization::Model, DomainError> {
    if action != OrganizationAction::View {
        require_known(ctx)?;
    }
    let organization = organization::Entity::find_by_id(id).one(connection).await?;
    require(ctx, organization, action)
}

/// Asks who is not logged in to log in before anything is looked up: the answer then tells nothing about what exists.
///
/// # Errors
/// [`DomainError::Unauthenticated`].
pub(super) fn require_known(ctx: &Context) -> Result<(), DomainError> {
    match ctx.actor {
        Actor::Anonymous => Err(DomainError::Unauthenticated),
        Actor::System | Actor::Person(_) => Ok(()),
    }
}

/// The organization with this slug, if the actor may see it.
pub async fn load_by_slug(ctx: &Context, slug: &str) -> Result<organization::Model, DomainError> {
    if text::has_control(slug) {
        return Err(DomainError::NotFound);
    }
    let organization = organization::Entity::find()
        .filter(organization::COLUMN.slug.eq(slug))
        .one(&ctx.app.store.connection)
        .await?;
    require(ctx, organization, OrganizationAction::View)
}

fn require(
    ctx: &Context,
    organization: Option<organization::Model>,
    action: OrganizationAction,
) -> Result<organization::Model, DomainError> {
    let organization = organization.ok_or(DomainError::NotFound)?;
    decide(&ctx.actor, action, facts(&organization, ctx.now())).require()?;
    Ok(organization)
}

/// A membership and its organization, locked until the transaction ends: of two owners who leave at once, the second
/// sees that the first has left.
async fn load_membership(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    id: MembershipId,
) -> Result<(membership::Model, organization::Model), DomainError> {
    require_known(ctx)?;
    let (membership, organization) = membership::Entity::find_by_id(id)
        .find_also_related(organization::Entity)
        .one(transaction)
        .await?
        .and_then(|(membership, organization)| Some((membership, organization?)))
        .ok_or(DomainError::NotFound)?;
    let facts = facts(&organization, ctx.now());
    let is_own = ctx.actor.account_id() == Some(membership.account_id);
    // Whose membership it is, is not known to others, even of an organization they see.
    if !is_own && !decide(&ctx.actor, OrganizationAction::ViewMembers, facts).is_allowed() {
        return Err(DomainError::NotFound);
    }
    organization::Entity::find_by_id(organization.id)
        .lock_exclusive()
        .one(transaction)
        .await?;
    let membership = membership::Entity::find_by_id(id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    Ok((membership, organization))
}

/// Refuses to take the only owner away.
async fn keep_an_owner(
    transaction: &impl ConnectionTrait,
    membership: &membership::Model,
    field: &str,
) -> Result<(), DomainError> {
    let is_owner =
        membership.role == MembershipRole::Owner && membership.state == MembershipState::Active;
    if !is_owner {
        return Ok(());
    }
    let owners = membership::Entity::find()
        .filter(
            membership::COLUMN
                .organization_id
                .eq(membership.organization_id),
        )
        .filter(membership::COLUMN.role.eq(MembershipRole::Owner))
        .filter(membership::COLUMN.state.eq(MembershipState::Active))
        .count(transaction)
        .await?;
    if owners > 1 {
        return Ok(());
    }
    Err(Violation::new(
        Code::WrongState,
        field,
        "This is the organization's only owner; make someone else an owner first.",
        "C’est la seule personne propriétaire de l’organisme; nommez d’abord quelqu’un d’autre propriétaire.",
    )
    .into())
}
