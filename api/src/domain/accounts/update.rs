//! Changing one's names, language and zone.

use entity::account;
use entity::language::Language;
use entity::personal::Personal;
use sea_orm::{ActiveModelTrait as _, Set};

use super::register::zone_violation;
use super::{is_admitted, load_locked, name};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// What shall change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Given name.
    pub given_name: Option<Personal>,
    /// Family name.
    pub family_name: Option<Personal>,
    /// Language of mails; `Some(None)` means both.
    pub preferred_language: Option<Option<Language>>,
    /// IANA time zone.
    pub zone: Option<String>,
}

/// Changes the actor's account.
pub async fn run(ctx: &Context, input: &Input) -> Result<account::Model, DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::Edit, person.account_id).require()?;
    let mut violations = Vec::new();
    violations.extend(
        input
            .zone
            .as_deref()
            .and_then(|zone| zone_violation(zone, "zone")),
    );
    if let Some(given_name) = &input.given_name {
        violations.extend(name::needed_violation(given_name, "givenName", name::MAX));
    }
    if let Some(family_name) = &input.family_name {
        violations.extend(name::violation(family_name, "familyName", name::MAX));
    }
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, person.account_id).await?;
    // Shut, and maybe erased, since the request began.
    if !is_admitted(&account) {
        return Err(DomainError::Unauthenticated);
    }
    let version = account.version + 1;
    let mut changed: account::ActiveModel = account.into();
    if let Some(given_name) = &input.given_name {
        changed.given_name = Set(Personal::new(given_name.expose().trim()));
    }
    if let Some(family_name) = &input.family_name {
        changed.family_name = Set(Personal::new(family_name.expose().trim()));
    }
    if let Some(language) = input.preferred_language {
        changed.preferred_language = Set(language);
    }
    if let Some(zone) = &input.zone {
        changed.zone = Set(zone.clone());
    }
    changed.version = Set(version);
    changed.updated_at = Set(ctx.now());
    let account = changed.update(&*transaction).await?;
    transaction.commit().await?;
    Ok(account)
}
