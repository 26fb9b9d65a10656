//! Changing what an organization says about itself. The slug stays: links to it must not break. Who is vetted cannot
//! become someone else: a vetted organization that changes its name, kind or charity number is vetted anew.

use entity::id::OrganizationId;
use entity::language::Language;
use entity::organization::{self, OrganizationKind, OrganizationState};
use sea_orm::Set;

use super::create::again_if_taken;
use super::details::{Details, refuse_duplicate};
use super::transition::{self, Event, Outcome};
use super::{facts, load};
use crate::context::Context;
use crate::domain::projects::search_text;
use crate::domain::text::Localized;
use crate::domain::version;
use crate::error::DomainError;
use crate::policy::organization::OrganizationAction;
use crate::store::transaction::begin_write;

/// What shall change; what is absent stays, and an inner `None` empties.
#[derive(Clone, Debug)]
pub struct Input {
    /// The organization.
    pub id: OrganizationId,
    /// The version the caller read.
    pub expected_version: i32,
    /// Name.
    pub name: Option<String>,
    /// What makes it one of public benefit.
    pub kind: Option<OrganizationKind>,
    /// Registration number.
    pub charity_number: Option<Option<String>>,
    /// Web address.
    pub website: Option<Option<String>>,
    /// City.
    pub city: Option<Option<String>>,
    /// Province or territory.
    pub province: Option<Option<String>>,
    /// The language in which the description must be present.
    pub original_language: Option<Language>,
    /// The description in both languages; replaces both.
    pub description: Option<Localized>,
}

/// Changes an organization.
///
/// # Errors
/// Violations, among them a stale version and a name or number that another organization has.
pub async fn run(ctx: &Context, input: &Input) -> Result<organization::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let read = load(ctx, &*transaction, input.id, OrganizationAction::Edit).await?;
    let details = merged(&read, input);
    let mut violations = Vec::new();
    violations.extend(version::check(read.version, input.expected_version).err());
    let clean = match details.clean() {
        Ok(clean) if violations.is_empty() => clean,
        Ok(_) => return Err(DomainError::Rules(violations)),
        Err(found) => {
            violations.extend(found);
            return Err(DomainError::Rules(violations));
        }
    };
    refuse_duplicate(&*transaction, &clean, Some(read.id)).await?;
    let is_renamed = clean.name_folded != read.name_folded;
    let is_someone_else =
        is_renamed || details.kind != read.kind || clean.charity_number != read.charity_number;
    let is_vetted = facts(&read, ctx.now()).state == OrganizationState::Vetted;
    let change = organization::ActiveModel {
        name: Set(clean.name),
        name_folded: Set(clean.name_folded),
        kind: Set(details.kind),
        charity_number: Set(clean.charity_number),
        website: Set(clean.website),
        city: Set(clean.city),
        province: Set(clean.province),
        original_language: Set(details.original_language),
        description_en: Set(clean.description.en),
        description_fr: Set(clean.description.fr),
        ..Default::default()
    };
    let written = if is_someone_else && is_vetted {
        let change = organization::ActiveModel {
            submitted_at: Set(Some(ctx.now())),
            ..change
        };
        transition::apply(ctx, &*transaction, read, Event::Revise, None, change)
            .await
            .map(|(Outcome::Changed(written) | Outcome::Unchanged(written))| written)
    } else {
        transition::write(ctx, &*transaction, &read, change).await
    };
    let written = written.map_err(|error| match error {
        DomainError::Internal(cause) => match cause.downcast::<sea_orm::DbErr>() {
            Ok(error) => again_if_taken(error),
            Err(cause) => DomainError::Internal(cause),
        },
        other => other,
    })?;
    if is_renamed {
        search_text::refresh_organization(&*transaction, written.id).await?;
    }
    transaction.commit().await?;
    Ok(written)
}

fn merged(read: &organization::Model, input: &Input) -> Details {
    let changed = |change: &Option<Option<String>>, kept: &Option<String>| {
        change.clone().unwrap_or_else(|| kept.clone())
    };
    Details {
        name: input.name.clone().unwrap_or_else(|| read.name.clone()),
        kind: input.kind.unwrap_or(read.kind),
        charity_number: changed(&input.charity_number, &read.charity_number),
        website: changed(&input.website, &read.website),
        city: changed(&input.city, &read.city),
        province: changed(&input.province, &read.province),
        original_language: input.original_language.unwrap_or(read.original_language),
        description: input.description.clone().unwrap_or_else(|| Localized {
            en: read.description_en.clone(),
            fr: read.description_fr.clone(),
        }),
    }
}
