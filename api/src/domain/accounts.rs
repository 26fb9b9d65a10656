//! Accounts and their sessions.

mod admins;
pub mod change_password;
pub mod confirm_email_change;
pub mod consents;
pub mod create_staff;
pub mod disable;
pub mod email;
pub mod enable;
pub mod erase;
pub mod erase_own;
pub mod find;
#[cfg(feature = "oidc")]
pub mod identities;
pub mod log_in;
pub mod log_in_browser;
pub mod log_out;
pub mod mail_email_change;
pub mod mail_registration;
pub mod mail_reset_link;
pub mod name;
#[cfg(feature = "passkeys")]
pub mod passkeys;
pub mod refresh_session;
pub mod register;
pub mod request_email_change;
pub mod request_password_reset;
pub mod reset_password;
pub mod revoke_other_sessions;
pub mod revoke_session;
pub mod second_factor;
pub mod sessions;
pub mod set_consent;
pub mod set_staff_role;
mod unproven;
pub mod update;
pub mod verify_address;
pub mod wordings;

use entity::account::{self, AccountState};
use entity::account_token::{self, TokenPurpose};
use entity::id::{AccountId, AccountTokenId};
use entity::personal::Personal;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};

use crate::app::App;
use crate::context::Context;
use crate::credentials::password_rule::KnownWords;
use crate::credentials::secret_token::{self, SecretToken};
use crate::error::{Code, DomainError, Violation};

/// Verification links hold this long.
const VERIFICATION_LIFE: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// Reset links hold this long.
const RESET_LIFE: chrono::TimeDelta = chrono::TimeDelta::minutes(60);
/// Links that confirm another address hold this long.
const EMAIL_CHANGE_LIFE: chrono::TimeDelta = chrono::TimeDelta::hours(24);

/// Stores a new single-use token and returns its secret; earlier ones for the same purpose end.
async fn add_token(
    app: &App,
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
    purpose: TokenPurpose,
) -> Result<String, DomainError> {
    let (_, secret) = insert_token(app, transaction, account_id, purpose, None).await?;
    Ok(secret)
}

/// The same with the address that shall be the account's, for [`TokenPurpose::ChangeEmail`] and for no other. Returns the
/// token's id too.
async fn insert_token(
    app: &App,
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
    purpose: TokenPurpose,
    email: Option<Personal>,
) -> Result<(AccountTokenId, String), DomainError> {
    let now = app.clock.now();
    end_tokens(app, transaction, account_id, purpose).await?;
    let life = match purpose {
        TokenPurpose::VerifyAddress => VERIFICATION_LIFE,
        TokenPurpose::ResetPassword => RESET_LIFE,
        TokenPurpose::ChangeEmail => EMAIL_CHANGE_LIFE,
    };
    let token = SecretToken::generate(&app.random);
    let id = AccountTokenId::new(app.new_id());
    account_token::ActiveModel {
        id: Set(id),
        account_id: Set(account_id),
        purpose: Set(purpose),
        token_hash: Set(token.hash),
        expires_at: Set(now + life),
        used_at: Set(None),
        created_at: Set(now),
        email: Set(email),
    }
    .insert(transaction)
    .await?;
    Ok((id, token.secret))
}

/// Ends the single-use tokens of an account for one purpose.
async fn end_tokens(
    app: &App,
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
    purpose: TokenPurpose,
) -> Result<(), DomainError> {
    account_token::Entity::update_many()
        .set(account_token::ActiveModel {
            used_at: Set(Some(app.clock.now())),
            ..Default::default()
        })
        .filter(account_token::COLUMN.account_id.eq(account_id))
        .filter(account_token::COLUMN.purpose.eq(purpose))
        .filter(account_token::COLUMN.used_at.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Ends all single-use tokens of an account.
async fn end_all_tokens(
    app: &App,
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<(), DomainError> {
    for purpose in TokenPurpose::ALL {
        end_tokens(app, transaction, account_id, *purpose).await?;
    }
    Ok(())
}

/// Uses up a single-use token and returns its account, which must be admitted.
async fn use_token(
    app: &App,
    transaction: &impl ConnectionTrait,
    secret: &str,
    purpose: TokenPurpose,
) -> Result<account::Model, DomainError> {
    let now = app.clock.now();
    let hash = secret_token::hash(secret);
    // One statement decides: of two requests with the same link, one wins.
    let used = account_token::Entity::update_many()
        .set(account_token::ActiveModel {
            used_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(account_token::COLUMN.token_hash.eq(hash.as_str()))
        .filter(account_token::COLUMN.purpose.eq(purpose))
        .filter(account_token::COLUMN.used_at.is_null())
        .filter(account_token::COLUMN.expires_at.gt(now))
        .exec(transaction)
        .await?;
    if used.rows_affected != 1 {
        return Err(link_ended());
    }
    let token = account_token::Entity::find()
        .filter(account_token::COLUMN.token_hash.eq(hash.as_str()))
        .one(transaction)
        .await?
        .ok_or_else(link_ended)?;
    let account = load_locked(transaction, token.account_id).await?;
    if is_admitted(&account) {
        Ok(account)
    } else {
        Err(link_ended())
    }
}

/// The account of a single-use token that would be accepted now; looked at before costly work.
async fn find_owner(
    app: &App,
    secret: &str,
    purpose: TokenPurpose,
) -> Result<Option<account::Model>, DomainError> {
    let found = account_token::Entity::find()
        .filter(
            account_token::COLUMN
                .token_hash
                .eq(secret_token::hash(secret)),
        )
        .filter(account_token::COLUMN.purpose.eq(purpose))
        .filter(account_token::COLUMN.used_at.is_null())
        .filter(account_token::COLUMN.expires_at.gt(app.clock.now()))
        .find_also_related(account::Entity)
        .one(&app.store.connection)
        .await?;
    Ok(found.and_then(|(_, owner)| owner))
}

/// What others know of an account's owner, so that it makes no password.
fn known_words(ctx: &Context, account: &account::Model) -> KnownWords {
    KnownWords::of_account(
        &ctx.app.config,
        account.email.expose(),
        account.given_name.expose(),
        account.family_name.expose(),
    )
}

/// What someone is told whose link is not, or no more, good.
fn link_ended() -> DomainError {
    Violation::new(
        Code::Expired,
        "token",
        "This link has expired or was used already; ask for a new one.",
        "Ce lien est expiré ou a déjà servi; demandez-en un nouveau.",
    )
    .into()
}

/// What someone is told whose password, asked for again, is another one.
fn wrong_password(field: &str) -> DomainError {
    Violation::new(
        Code::WrongCredentials,
        field,
        "This is not the password in use.",
        "Ce n’est pas le mot de passe actuel.",
    )
    .into()
}

/// What is said of an account that was erased.
fn erased() -> Violation {
    Violation::new(
        Code::WrongState,
        "accountId",
        "This account was erased; nothing of it is left.",
        "Ce compte a été effacé; il n’en reste rien.",
    )
}

/// Whether the owner may log in: not disabled and not erased.
pub fn is_admitted(account: &account::Model) -> bool {
    matches!(
        account.state,
        AccountState::Unverified | AccountState::Active
    )
}

/// The account `id`, locked until the transaction ends: what is decided on it then still holds when it is changed.
async fn load_locked(
    transaction: &impl ConnectionTrait,
    id: AccountId,
) -> Result<account::Model, DomainError> {
    account::Entity::find_by_id(id)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}

/// The account `id`.
///
/// # Errors
/// [`DomainError::NotFound`] when there is none.
pub async fn load(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> Result<account::Model, DomainError> {
    account::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)
}
