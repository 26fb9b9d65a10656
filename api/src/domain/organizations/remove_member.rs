//! Taking a member out, or leaving. An organization keeps an owner: who is the last one hands over first.

use entity::id::MembershipId;
use entity::membership;
use sea_orm::EntityTrait as _;

use super::{facts, keep_an_owner, load_membership};
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::organization::{OrganizationAction, decide};
use crate::store::transaction::begin_write;

/// Which member.
#[derive(Clone, Debug)]
pub struct Input {
    /// The membership; one's own, to leave.
    pub id: MembershipId,
}

/// Removes a membership.
///
/// # Errors
/// A violation for the only owner.
pub async fn run(ctx: &Context, input: &Input) -> Result<MembershipId, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (membership, organization) = load_membership(ctx, &*transaction, input.id).await?;
    let is_own = ctx.actor.account_id() == Some(membership.account_id);
    if !is_own {
        let facts = facts(&organization, ctx.now());
        decide(&ctx.actor, OrganizationAction::ManageMembers, facts).require()?;
    }
    keep_an_owner(&*transaction, &membership, "membershipId").await?;
    membership::Entity::delete_by_id(membership.id)
        .exec(&*transaction)
        .await?;
    let detail = serde_json::json!({
        "organization": membership.organization_id,
        "role": membership.role.as_str(),
        "is_own": is_own,
    });
    let subject = ("membership", Some(membership.id.uuid()));
    audit::record(ctx, &*transaction, "membership.removed", subject, detail).await?;
    transaction.commit().await?;
    Ok(membership.id)
}
