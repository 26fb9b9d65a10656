//! Lifting a coordinator's standing instruction about a role and a volunteer.

use entity::id::{RoleId, VolunteerId};
use entity::pairing_rule;
use sea_orm::EntityTrait as _;

use super::set_rule::{authorize, find};
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::matching::MatchingAction;
use crate::store::transaction::begin_write;

/// Removes the instruction for the two. Whether there was one is told; lifting none is no fault.
pub async fn run(
    ctx: &Context,
    role_id: RoleId,
    volunteer_id: VolunteerId,
) -> Result<bool, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    authorize(
        ctx,
        &*transaction,
        MatchingAction::SetRule,
        role_id,
        volunteer_id,
    )
    .await?;
    let Some(rule) = find(&*transaction, role_id, volunteer_id).await? else {
        return Ok(false);
    };
    pairing_rule::Entity::delete_by_id(rule.id)
        .exec(&*transaction)
        .await?;
    let detail = serde_json::json!({
        "kind": rule.kind.as_str(),
        "role_id": role_id,
        "volunteer_id": volunteer_id,
    });
    let subject = ("pairing_rule", Some(rule.id.uuid()));
    audit::record(ctx, &*transaction, "pairing_rule.removed", subject, detail).await?;
    transaction.commit().await?;
    Ok(true)
}
