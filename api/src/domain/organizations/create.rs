//! Creating an organization: a draft that its creator owns.

use std::collections::HashSet;

use entity::id::{AccountId, MembershipId, OrganizationId};
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization::{self, OrganizationState};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    Set,
};

pub use super::details::Details;
use super::details::refuse_duplicate;
use crate::context::Context;
use crate::domain::slug;
use crate::error::{Code, DomainError, Violation};
use crate::store::constraint;
use crate::store::transaction::begin_write;

/// Creates a draft; the actor becomes its owner.
///
/// # Errors
/// Violations, among them [`Code::Taken`] with the way to join when the organization is here already.
pub async fn run(ctx: &Context, input: &Details) -> Result<organization::Model, DomainError> {
    let account_id = require_verified(ctx)?;
    let clean = input.clean().map_err(DomainError::Rules)?;
    let transaction = begin_write(&ctx.app.store).await?;
    refuse_duplicate(&*transaction, &clean, None).await?;
    let now = ctx.now();
    let slug = free_slug(&*transaction, &clean.name).await?;
    let inserted = organization::ActiveModel {
        id: Set(OrganizationId::new(ctx.app.new_id())),
        slug: Set(slug),
        name: Set(clean.name),
        name_folded: Set(clean.name_folded),
        kind: Set(input.kind),
        charity_number: Set(clean.charity_number),
        website: Set(clean.website),
        city: Set(clean.city),
        province: Set(clean.province),
        original_language: Set(input.original_language),
        description_en: Set(clean.description.en),
        description_fr: Set(clean.description.fr),
        state: Set(OrganizationState::Draft),
        submitted_at: Set(None),
        vetted_until: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(&*transaction)
    .await;
    let organization = inserted.map_err(again_if_taken)?;
    membership::ActiveModel {
        id: Set(MembershipId::new(ctx.app.new_id())),
        organization_id: Set(organization.id),
        account_id: Set(account_id),
        role: Set(MembershipRole::Owner),
        state: Set(MembershipState::Active),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(&*transaction)
    .await?;
    transaction.commit().await?;
    Ok(organization)
}

/// Whoever is logged in may create an organization or ask to join one, once the address is proven.
pub(super) fn require_verified(ctx: &Context) -> Result<AccountId, DomainError> {
    let person = ctx.person()?;
    if person.is_verified {
        return Ok(person.account_id);
    }
    Err(Violation::new(
        Code::Unverified,
        "",
        "Confirm your mail address first; we can send you the link again.",
        "Confirmez d’abord votre adresse courriel; nous pouvons vous renvoyer le lien.",
    )
    .into())
}

/// Another transaction took the slug or the charity number meanwhile: start again and see it.
pub(super) fn again_if_taken(error: sea_orm::DbErr) -> DomainError {
    let is_taken = [
        ("uq_organization_slug", "slug"),
        ("uq_organization_charity_number", "charity_number"),
    ]
    .into_iter()
    .any(|(constraint, column)| {
        constraint::is_unique_violation(&error, constraint, "organization", &[column])
    });
    if is_taken {
        DomainError::Retry(error)
    } else {
        error.into()
    }
}

async fn free_slug(connection: &impl ConnectionTrait, name: &str) -> Result<String, DomainError> {
    let base = slug::from_name(name, "organization");
    let taken: HashSet<String> = organization::Entity::find()
        .select_only()
        .column(organization::Column::Slug)
        .filter(organization::COLUMN.slug.starts_with(base.as_str()))
        .into_tuple::<String>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    Ok(slug::first_free(&base, &taken))
}
