//! Signing up. The answer is the same whether the address is known or not; the mail tells its owner.

use entity::account::{self, AccountState};
use entity::consent::{self, ConsentPurpose};
use entity::id::{AccountId, ConsentId};
use entity::language::Language;
use entity::personal::Personal;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, Set};
use secrecy::SecretString;

use super::mail_registration::Registration;
use super::{email, name};
use crate::context::Context;
use crate::credentials::password_rule::{self, KnownWords};
use crate::error::{Code, DomainError, Violation};
use crate::jobs::{self, mail_registration::MailRegistration};
use crate::limiter::Operation;
use crate::store::constraint;
use crate::store::transaction::{begin_write, retrying};

/// The wording of consents that this version shows.
pub const CONSENT_WORDING_VERSION: &str = "2026-11";

/// Who signs up.
#[derive(Clone, Debug)]
pub struct Input {
    /// Mail address.
    pub email: Personal,
    /// 8 to 128 characters, any composition; none that others would try first.
    pub password: SecretString,
    /// Given name.
    pub given_name: Personal,
    /// Family name.
    pub family_name: Personal,
    /// Language of mails; unknown means both.
    pub preferred_language: Option<Language>,
    /// IANA time zone.
    pub zone: String,
    /// What the person agrees to; each purpose apart.
    pub consents: Vec<ConsentPurpose>,
}

/// Creates an unverified account, whose owner is mailed the link that confirms the address.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let limiter = &ctx.app.limiter;
    limiter
        .check_client(Operation::FillInRegistration, ctx.client)
        .await?;
    let mut violations = Vec::new();
    violations.extend(email::violation(&input.email, "email"));
    let known = KnownWords::of_account(
        &ctx.app.config,
        input.email.expose(),
        input.given_name.expose(),
        input.family_name.expose(),
    );
    violations.extend(password_rule::violation(
        &input.password,
        &known,
        "password",
    ));
    violations.extend(name::needed_violation(
        &input.given_name,
        "givenName",
        name::MAX,
    ));
    violations.extend(name::violation(&input.family_name, "familyName", name::MAX));
    violations.extend(zone_violation(&input.zone, "zone"));
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    // Who fills in the form wrongly has not signed up yet, and may correct it.
    limiter
        .check_client(Operation::Register, ctx.client)
        .await?;

    // Hashed also for a known address: the answer takes as long.
    let password_hash = ctx.app.hasher.hash(&input.password).await?;
    // Another registration of the address at the same moment starts this again: without the throttle and the hash.
    retrying(|| register(ctx, input, &password_hash)).await
}

async fn register(ctx: &Context, input: &Input, password_hash: &str) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let known = email::find_account(&*transaction, &input.email).await?;
    let (account, registration) = if let Some(known) = known {
        (known, Registration::Repeated)
    } else {
        let account = insert_account(ctx, &*transaction, input, password_hash).await?;
        insert_consents(ctx, &*transaction, &account, &input.consents).await?;
        (account, Registration::New)
    };
    // What takes longest, rendering the mail, is done later and for both.
    let job = MailRegistration {
        account_id: account.id,
        registration,
    };
    jobs::enqueue(&ctx.app, &*transaction, &job, ctx.now()).await?;
    transaction.commit().await?;
    Ok(())
}

async fn insert_account(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    input: &Input,
    password_hash: &str,
) -> Result<account::Model, DomainError> {
    let now = ctx.now();
    let inserted = account::ActiveModel {
        id: Set(AccountId::new(ctx.app.new_id())),
        email: Set(Personal::new(input.email.expose().trim())),
        email_normalized: Set(email::normalize(&input.email)),
        password_hash: Set(Some(password_hash.to_owned())),
        given_name: Set(Personal::new(input.given_name.expose().trim())),
        family_name: Set(Personal::new(input.family_name.expose().trim())),
        preferred_language: Set(input.preferred_language),
        zone: Set(input.zone.clone()),
        state: Set(AccountState::Unverified),
        staff_role: Set(None),
        email_verified_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(transaction)
    .await;
    // A second registration of the same address at the same moment: start again and find the account.
    inserted.map_err(|error| {
        let is_taken = constraint::is_unique_violation(
            &error,
            "uq_account_email_normalized",
            "account",
            &["email_normalized"],
        );
        if is_taken {
            DomainError::Retry(error)
        } else {
            error.into()
        }
    })
}

async fn insert_consents(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
    purposes: &[ConsentPurpose],
) -> Result<(), DomainError> {
    let answers = ConsentPurpose::ALL
        .iter()
        .map(|purpose| consent::ActiveModel {
            id: Set(ConsentId::new(ctx.app.new_id())),
            account_id: Set(account.id),
            purpose: Set(*purpose),
            is_granted: Set(purposes.contains(purpose)),
            wording_version: Set(CONSENT_WORDING_VERSION.to_owned()),
            language: Set(ctx.language),
            channel: Set(ctx.channel),
            given_at: Set(ctx.now()),
        });
    consent::Entity::insert_many(answers)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Checks that `zone` is an IANA time zone.
pub fn zone_violation(zone: &str, field: &str) -> Option<Violation> {
    zone.parse::<chrono_tz::Tz>().is_err().then(|| {
        Violation::new(
            Code::Unknown,
            field,
            "This time zone is not known; use an IANA name such as America/Toronto.",
            "Ce fuseau horaire est inconnu; utilisez un nom IANA comme America/Toronto.",
        )
    })
}
