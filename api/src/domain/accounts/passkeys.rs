//! Passkeys: key pairs in people's devices and password managers, by which they log in without a password. The device makes sure
//! that it is its owner, so that a passkey is two factors at once: having it, and a PIN, a finger or a face.
//!
//! Whoever changes those of an account locks the account first. A challenge is good once, whatever came of it.

pub mod begin_enrolment;
pub mod begin_log_in;
pub mod enroll;
pub mod list;
pub mod log_in;
pub mod remove;

use chrono::TimeDelta;
use entity::id::AccountId;
use entity::{account, passkey, passkey_challenge};
use matcher::mail::FactorChange;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, Set,
};

use super::second_factor;
use crate::app::App;
use crate::context::Context;
use crate::credentials::secret_token::{self, SecretToken};
use crate::credentials::webauthn::RelyingParty;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::{WriteTransaction, begin_write, retrying};

/// The most passkeys of one account.
pub const MAX: usize = 10;
/// How long a challenge waits to be signed.
const CHALLENGE_LIFE: TimeDelta = TimeDelta::minutes(5);

/// The site, for which passkeys are.
fn party(app: &App) -> Result<RelyingParty, DomainError> {
    Ok(RelyingParty::of(&app.config.http)?)
}

/// Makes a challenge for a new passkey of `account_id`, or for a log-in of whoever comes. Those that nobody answered go.
async fn add_challenge(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account_id: Option<AccountId>,
) -> Result<String, DomainError> {
    let now = ctx.now();
    passkey_challenge::Entity::delete_many()
        .filter(passkey_challenge::COLUMN.expires_at.lte(now))
        .exec(transaction)
        .await?;
    let token = SecretToken::generate(&ctx.app.random);
    passkey_challenge::ActiveModel {
        challenge_hash: Set(token.hash),
        account_id: Set(account_id),
        expires_at: Set(now + CHALLENGE_LIFE),
    }
    .insert(transaction)
    .await?;
    Ok(token.secret)
}

/// Uses up a challenge, in a transaction of its own: what was tried was tried.
///
/// # Errors
/// A violation when it was not made for this, was used, or has expired.
async fn take_challenge(
    ctx: &Context,
    challenge: &str,
    account_id: Option<AccountId>,
) -> Result<(), DomainError> {
    let hash = secret_token::hash(challenge);
    let taken = retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        let these = passkey_challenge::Entity::delete_many()
            .filter(passkey_challenge::COLUMN.challenge_hash.eq(hash.as_str()))
            .filter(passkey_challenge::COLUMN.expires_at.gt(ctx.now()));
        let these = match account_id {
            Some(id) => these.filter(passkey_challenge::COLUMN.account_id.eq(id)),
            None => these.filter(passkey_challenge::COLUMN.account_id.is_null()),
        };
        let taken = these.exec(&*transaction).await?;
        transaction.commit().await?;
        Ok(taken.rows_affected)
    })
    .await?;
    if taken == 1 {
        return Ok(());
    }
    Err(Violation::new(
        Code::Expired,
        "credential",
        "This took longer than five minutes, or was sent already; begin again.",
        "Cela a pris plus de cinq minutes, ou a déjà été envoyé; recommencez.",
    )
    .into())
}

/// The passkeys of an account, the oldest first.
async fn of_account(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<Vec<passkey::Model>, DomainError> {
    Ok(passkey::Entity::find()
        .filter(passkey::COLUMN.account_id.eq(account_id))
        .order_by_asc(passkey::Column::CreatedAt)
        .order_by_asc(passkey::Column::Id)
        .all(connection)
        .await?)
}

/// Writes down what happened to an account's passkeys and tells its owner, who may not be whoever did it.
async fn record(
    ctx: &Context,
    transaction: &WriteTransaction,
    owner: &account::Model,
    action: &str,
    change: FactorChange,
) -> Result<(), DomainError> {
    let subject = ("account", Some(owner.id.uuid()));
    let detail = serde_json::json!({});
    audit::record(ctx, &**transaction, action, subject, detail).await?;
    second_factor::tell(&ctx.app, transaction, owner, change).await
}
