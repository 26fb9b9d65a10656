//! Changing what a member may do. An organization keeps an owner: who is the last one hands over first.

use entity::id::MembershipId;
use entity::membership::{self, MembershipRole, MembershipState};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _, Set};

use super::{facts, keep_an_owner, load_membership};
use crate::context::Context;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::organization::{OrganizationAction, decide};
use crate::store::transaction::begin_write;

/// Which member, and the role.
#[derive(Clone, Debug)]
pub struct Input {
    /// The membership.
    pub id: MembershipId,
    /// The role it shall have.
    pub role: MembershipRole,
}

/// Sets a member's role.
///
/// # Errors
/// [`DomainError::Forbidden`] for one's own role, unless it is an owner's. A violation when it is a request still, or the
/// only owner.
pub async fn run(ctx: &Context, input: &Input) -> Result<membership::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (membership, organization) = load_membership(ctx, &*transaction, input.id).await?;
    let facts = facts(&organization, ctx.now());
    decide(&ctx.actor, OrganizationAction::ManageMembers, facts).require()?;
    let is_own = ctx.actor.account_id() == Some(membership.account_id);
    // An administrator helps others; nobody raises oneself.
    if is_own && ctx.actor.membership(organization.id) != Some(MembershipRole::Owner) {
        return Err(DomainError::Forbidden);
    }
    if membership.state != MembershipState::Active {
        return Err(Violation::new(
            Code::WrongState,
            "membershipId",
            "This is a request still; answer it first.",
            "Il s’agit encore d’une demande; répondez-y d’abord.",
        )
        .into());
    }
    if membership.role == input.role {
        return Ok(membership);
    }
    keep_an_owner(&*transaction, &membership, "role").await?;
    let before = membership.role;
    let mut change = membership.into_active_model();
    change.role = Set(input.role);
    change.updated_at = Set(ctx.now());
    let membership = change.update(&*transaction).await?;
    let detail = serde_json::json!({
        "organization": membership.organization_id,
        "from": before.as_str(),
        "to": input.role.as_str(),
    });
    let subject = ("membership", Some(membership.id.uuid()));
    audit::record(ctx, &*transaction, "membership.role_set", subject, detail).await?;
    transaction.commit().await?;
    Ok(membership)
}
