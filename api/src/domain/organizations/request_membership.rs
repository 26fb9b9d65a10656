//! Asking to join an organization. That an organization exists is no secret, also while it is a draft; what it says is.

use entity::id::MembershipId;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    Set,
};

use super::create::require_verified;
use crate::context::Context;
use crate::domain::{audit, text};
use crate::error::{Code, DomainError, Violation};
use crate::store::constraint;
use crate::store::transaction::begin_write;

/// Which organization.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its slug.
    pub slug: String,
}

/// Adds a request for the organization's owners to answer. Asking twice is asking once.
///
/// # Errors
/// Violations: an unconfirmed address, an unknown slug, a membership that exists.
pub async fn run(ctx: &Context, input: &Input) -> Result<membership::Model, DomainError> {
    let account_id = require_verified(ctx)?;
    let transaction = begin_write(&ctx.app.store).await?;
    let organization = find(&*transaction, input.slug.trim()).await?;
    let known = membership::Entity::find()
        .filter(membership::COLUMN.organization_id.eq(organization.id))
        .filter(membership::COLUMN.account_id.eq(account_id))
        .one(&*transaction)
        .await?;
    match known {
        Some(membership) if membership.state == MembershipState::Requested => {
            return Ok(membership);
        }
        Some(_) => {
            return Err(Violation::new(
                Code::AlreadyExists,
                "slug",
                "You belong to this organization already.",
                "Vous faites déjà partie de cet organisme.",
            )
            .into());
        }
        None => {}
    }
    let now = ctx.now();
    let membership = membership::ActiveModel {
        id: Set(MembershipId::new(ctx.app.new_id())),
        organization_id: Set(organization.id),
        account_id: Set(account_id),
        role: Set(MembershipRole::Member),
        state: Set(MembershipState::Requested),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(&*transaction)
    .await
    .map_err(again_if_known)?;
    let subject = ("membership", Some(membership.id.uuid()));
    let detail = serde_json::json!({ "organization": organization.id });
    audit::record(ctx, &*transaction, "membership.requested", subject, detail).await?;
    transaction.commit().await?;
    Ok(membership)
}

async fn find(
    connection: &impl ConnectionTrait,
    slug: &str,
) -> Result<organization::Model, DomainError> {
    let found = if text::has_control(slug) {
        None
    } else {
        organization::Entity::find()
            .filter(organization::COLUMN.slug.eq(slug))
            .one(connection)
            .await?
    };
    found.ok_or_else(|| {
        Violation::new(
            Code::Unknown,
            "slug",
            "No organization has this slug; create it instead.",
            "Aucun organisme n’a cet identifiant court; créez-le plutôt.",
        )
        .into()
    })
}

/// The same person asked at the same moment: start again and find the request.
fn again_if_known(error: sea_orm::DbErr) -> DomainError {
    let columns = &["organization_id", "account_id"];
    let constraint = "uq_membership_organization_id_account_id";
    if constraint::is_unique_violation(&error, constraint, "membership", columns) {
        DomainError::Retry(error)
    } else {
        error.into()
    }
}
