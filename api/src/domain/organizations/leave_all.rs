//! Taking somebody out of every organization. One that is under way keeps an owner: who is its last one hands over first, or
//! withdraws it.

use entity::id::AccountId;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::transition::Event;
use crate::context::Context;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};

/// Removes all memberships and requests of an account, on the caller's transaction.
///
/// # Errors
/// A violation for each organization that would be left without an owner, though it can still be withdrawn.
pub(in crate::domain) async fn run(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<(), DomainError> {
    let memberships = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(account_id))
        .order_by_asc(membership::Column::OrganizationId)
        .all(transaction)
        .await?;
    let mut violations = Vec::new();
    for membership in &memberships {
        violations.extend(violation(transaction, membership).await?);
    }
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    membership::Entity::delete_many()
        .filter(membership::COLUMN.account_id.eq(account_id))
        .exec(transaction)
        .await?;
    for membership in memberships {
        let detail = serde_json::json!({
            "organization": membership.organization_id,
            "role": membership.role.as_str(),
            "is_own": ctx.actor.account_id() == Some(account_id),
        });
        let subject = ("membership", Some(membership.id.uuid()));
        audit::record(ctx, transaction, "membership.removed", subject, detail).await?;
    }
    Ok(())
}

async fn violation(
    transaction: &impl ConnectionTrait,
    membership: &membership::Model,
) -> Result<Option<Violation>, DomainError> {
    if membership.role != MembershipRole::Owner || membership.state != MembershipState::Active {
        return Ok(None);
    }
    // Locked: of two owners who leave at once, the second sees that the first has left.
    let organization = organization::Entity::find_by_id(membership.organization_id)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    let others = membership::Entity::find()
        .filter(membership::COLUMN.organization_id.eq(organization.id))
        .filter(membership::COLUMN.role.eq(MembershipRole::Owner))
        .filter(membership::COLUMN.state.eq(MembershipState::Active))
        .filter(membership::COLUMN.account_id.ne(membership.account_id))
        .count(transaction)
        .await?;
    let is_under_way = Event::Withdraw.is_possible_in(organization.state);
    Ok((others == 0 && is_under_way).then(|| last_owner(&organization.name)))
}

fn last_owner(organization: &str) -> Violation {
    Violation::new(
        Code::WrongState,
        "",
        format!(
            "{organization} has no other owner: make someone else an owner first, or withdraw the organization."
        ),
        format!(
            "{organization} n’a pas d’autre propriétaire : nommez d’abord quelqu’un d’autre propriétaire, ou retirez l’organisme."
        ),
    )
}
