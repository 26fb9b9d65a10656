//! Changing one's names, language and zone.

use entity::account;
use entity::language::Language;
use sea_orm::{ActiveModelTrait as _, Set};
use validator::Validate;

use super::register::zone_violation;
use super::{is_admitted, load_locked, name};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// What shall change; what is absent stays.
#[derive(Clone, Debug, Default, Validate)]
pub struct Input {
    /// Given name.
    #[validate(length(min = 1, max = 80))]
    pub given_name: Option<String>,
    /// Family name.
    #[validate(length(max = 80))]
    pub family_name: Option<String>,
    /// Language of mails; `Some(None)` means both.
    pub preferred_language: Option<Option<Language>>,
    /// IANA time zone.
    pub zone: Option<String>,
}

/// Changes the actor's account.
pub async fn run(ctx: &Context, input: &Input) -> Result<account::Model, DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::Edit, person.account_id).require()?;
    let mut violations = crate::validation::violations(input);
    violations.extend(
        input
            .zone
            .as_deref()
            .and_then(|zone| zone_violation(zone, "zone")),
    );
    let given_name = input.given_name.as_deref();
    let family_name = input.family_name.as_deref();
    violations.extend(given_name.and_then(|given| name::given_violation(given, "givenName")));
    violations.extend(family_name.and_then(|family| name::violation(family, "familyName")));
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
        changed.given_name = Set(given_name.trim().to_owned());
    }
    if let Some(family_name) = &input.family_name {
        changed.family_name = Set(family_name.trim().to_owned());
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
