//! The second factor of accounts: an authenticator app, and ten recovery codes for whoever lost it. Anybody may have one;
//! coordinators and administrators show theirs once in a session, before they decide over others.
//!
//! Whoever changes one locks the account first, so that two at once come one after the other.

pub mod confirm;
pub mod enroll;
pub mod find;
pub mod prove;
pub mod remove;
pub mod renew_codes;
pub mod reset;

use entity::account;
use entity::id::AccountId;
use entity::{passkey, recovery_code, second_factor, session as session_entity};
use matcher::mail::{FactorChange, Message, SecondFactorChanged};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Set,
};

use super::load_locked;
use crate::actor::Person;
use crate::app::App;
use crate::context::Context;
use crate::credentials::recovery_code::{self as codes, RecoveryCode};
use crate::credentials::sealing::Purpose;
use crate::credentials::session;
use crate::credentials::totp::SharedSecret;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::limiter::Operation;
use crate::outbox::{self, Draft};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::{WriteTransaction, begin_write, retrying};

/// What was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// A code of the app.
    App,
    /// A recovery code, which is used up.
    RecoveryCode,
}

impl Shown {
    /// The name in the audit trail.
    const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// Whether an account has a second factor that was confirmed, or a passkey where the server takes them.
pub async fn is_enrolled(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<bool, DomainError> {
    let factor = find_row(connection, account_id).await?;
    if factor.is_some_and(|factor| factor.confirmed_at.is_some()) {
        return Ok(true);
    }
    Ok(cfg!(feature = "passkeys") && has_passkey(connection, account_id).await?)
}

async fn has_passkey(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<bool, DomainError> {
    let found = passkey::Entity::find()
        .filter(passkey::COLUMN.account_id.eq(account_id))
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// Takes all passkeys of an account away, and says whether there were any.
pub(super) async fn delete_passkeys(
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<bool, DomainError> {
    let deleted = passkey::Entity::delete_many()
        .filter(passkey::COLUMN.account_id.eq(account_id))
        .exec(transaction)
        .await?;
    Ok(deleted.rows_affected > 0)
}

/// Requires that the actor's session has shown the second factor, where the account has one. Nobody who has the password alone
/// puts another beside it, or takes it away.
///
/// # Errors
/// [`DomainError::SecondFactorRequired`] when it has not.
pub(super) async fn require_shown(
    connection: &impl ConnectionTrait,
    person: &Person,
) -> Result<(), DomainError> {
    let session = session_entity::Entity::find_by_id(person.session_id)
        .one(connection)
        .await?;
    let is_shown = session.is_some_and(|session| session.factor_at.is_some());
    if is_shown || !is_enrolled(connection, person.account_id).await? {
        return Ok(());
    }
    Err(DomainError::SecondFactorRequired { is_enrolled: true })
}

async fn find_row(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<Option<second_factor::Model>, DomainError> {
    Ok(second_factor::Entity::find_by_id(account_id)
        .one(connection)
        .await?)
}

/// The actor, who may manage the own factor and has not tried too often: whoever holds a session guesses no more than a few
/// codes, in however many sessions. Counts the try, and hence is not tried again with the rest.
pub(super) async fn begin(ctx: &Context) -> Result<&Person, DomainError> {
    let person = ctx.person()?;
    let (session, account) = (person.session_id, person.account_id);
    decide(&ctx.actor, AccountAction::ManageSecondFactor, account).require()?;
    let limiter = &ctx.app.limiter;
    let of_account = Operation::SecondFactorOfAccount;
    limiter
        .check(Operation::SecondFactor, &session.to_string())
        .await?;
    limiter.check(of_account, &account.to_string()).await?;
    Ok(person)
}

/// The same with a code in hand: of those of the app no more than some are tried in a day, and the owner hears of more.
async fn begin_with<'ctx>(ctx: &'ctx Context, code: &str) -> Result<&'ctx Person, DomainError> {
    let person = begin(ctx).await?;
    if codes::hash(code).is_some() {
        return Ok(person);
    }
    let limiter = &ctx.app.limiter;
    let account = person.account_id.to_string();
    if let Err(refused) = limiter.check(Operation::AppCode, &account).await {
        let warning = limiter.check(Operation::WarnOfGuesses, &account).await;
        if warning.is_ok() {
            retrying(|| warn_of_guesses(ctx, person.account_id)).await?;
        }
        return Err(refused);
    }
    Ok(person)
}

/// Somebody who knows the password tries one code after the other.
async fn warn_of_guesses(ctx: &Context, account_id: AccountId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, account_id).await?;
    let subject = ("account", Some(account_id.uuid()));
    let action = "account.second_factor_guessed";
    audit::record(ctx, &*transaction, action, subject, serde_json::json!({})).await?;
    tell(&ctx.app, &transaction, &account, FactorChange::Guessed).await?;
    transaction.commit().await?;
    Ok(())
}

/// The account and its factor as they are, until the transaction ends.
async fn load_both(
    transaction: &WriteTransaction,
    id: AccountId,
) -> Result<(account::Model, Option<second_factor::Model>), DomainError> {
    let account = load_locked(&**transaction, id).await?;
    let factor = find_row(&**transaction, id).await?;
    Ok((account, factor))
}

/// The account and its factor, which must have been confirmed.
async fn load_confirmed(
    transaction: &WriteTransaction,
    id: AccountId,
) -> Result<(account::Model, second_factor::Model), DomainError> {
    let (account, factor) = load_both(transaction, id).await?;
    let factor = factor.filter(|factor| factor.confirmed_at.is_some());
    Ok((account, factor.ok_or_else(none)?))
}

/// Takes a code of the app or a recovery code, this once.
///
/// # Errors
/// A violation at `code` when it is neither, or was taken before.
async fn take(
    ctx: &Context,
    transaction: &WriteTransaction,
    factor: &second_factor::Model,
    code: &str,
) -> Result<Shown, DomainError> {
    // First, and without the app's secret: whoever lost that one, or the settings it is sealed under, still has these.
    if let Some(hash) = codes::hash(code) {
        let taken = recovery_code::Entity::update_many()
            .set(recovery_code::ActiveModel {
                used_at: Set(Some(ctx.now())),
                ..Default::default()
            })
            .filter(recovery_code::COLUMN.account_id.eq(factor.account_id))
            .filter(recovery_code::COLUMN.code_hash.eq(hash.as_str()))
            .filter(recovery_code::COLUMN.used_at.is_null())
            .exec(&**transaction)
            .await?;
        return once(taken.rows_affected, Shown::RecoveryCode);
    }
    let step = step_of(ctx, factor, code)?.ok_or_else(wrong_code)?;
    let taken = second_factor::Entity::update_many()
        .set(second_factor::ActiveModel {
            last_step: Set(Some(step)),
            ..Default::default()
        })
        .filter(second_factor::COLUMN.account_id.eq(factor.account_id))
        .filter(second_factor::COLUMN.last_step.lt(step))
        .exec(&**transaction)
        .await?;
    once(taken.rows_affected, Shown::App)
}

/// What was taken, when a row said so.
fn once(rows: u64, shown: Shown) -> Result<Shown, DomainError> {
    if rows == 1 {
        Ok(shown)
    } else {
        Err(wrong_code())
    }
}

/// The step whose code was typed; apps show it in two groups.
fn step_of(
    ctx: &Context,
    factor: &second_factor::Model,
    code: &str,
) -> Result<Option<i64>, DomainError> {
    let name = factor.account_id.to_string();
    let sealing = &ctx.app.keys.sealing;
    let secret = sealing
        .open(Purpose::SecondFactor, &name, &factor.sealed_secret)
        .map_err(|error| DomainError::Internal(error.into()))?;
    let code: String = code.chars().filter(|it| !it.is_whitespace()).collect();
    Ok(SharedSecret::from_bytes(secret).step_of(&code, ctx.now())?)
}

/// Puts new recovery codes in the place of the old ones, and returns them for their owner to keep.
async fn replace_codes(
    ctx: &Context,
    transaction: &WriteTransaction,
    account_id: AccountId,
) -> Result<Vec<String>, DomainError> {
    delete_codes(transaction, account_id).await?;
    let codes: Vec<RecoveryCode> = (0..codes::COUNT)
        .map(|_| RecoveryCode::generate(&ctx.app.random))
        .collect();
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        account_id: Set(account_id),
        code_hash: Set(code.hash.clone()),
        created_at: Set(ctx.now()),
        used_at: Set(None),
    });
    recovery_code::Entity::insert_many(rows)
        .exec(&**transaction)
        .await?;
    Ok(codes.into_iter().map(|code| code.code).collect())
}

/// Takes an account's factor away, its codes and what sessions showed of it.
pub(super) async fn delete(
    transaction: &WriteTransaction,
    account_id: AccountId,
) -> Result<(), DomainError> {
    delete_codes(transaction, account_id).await?;
    second_factor::Entity::delete_by_id(account_id)
        .exec(&**transaction)
        .await?;
    session::forget_factor(&**transaction, account_id).await
}

async fn delete_codes(
    transaction: &WriteTransaction,
    account_id: AccountId,
) -> Result<(), DomainError> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::COLUMN.account_id.eq(account_id))
        .exec(&**transaction)
        .await?;
    Ok(())
}

/// How many recovery codes of an account are good.
async fn count_codes(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<u64, DomainError> {
    Ok(recovery_code::Entity::find()
        .filter(recovery_code::COLUMN.account_id.eq(account_id))
        .filter(recovery_code::COLUMN.used_at.is_null())
        .count(connection)
        .await?)
}

/// Tells the owner, who may not be whoever did it.
pub(super) async fn tell(
    app: &App,
    transaction: &WriteTransaction,
    owner: &account::Model,
    change: FactorChange,
) -> Result<(), DomainError> {
    let now = app.clock.now();
    let message = Message::SecondFactorChanged(SecondFactorChanged {
        change,
        changed_at: now,
        reset_link: format!("{}/a/reset", app.config.http.base_url),
    });
    let draft = Draft {
        to: owner,
        message,
        pairing_id: None,
        send_at: now,
    };
    outbox::queue(app, &**transaction, draft).await
}

/// What whoever has none is told.
fn none() -> DomainError {
    Violation::new(
        Code::WrongState,
        "",
        "This account has no second factor; set one up first.",
        "Ce compte n’a pas de second facteur; configurez-en un d’abord.",
    )
    .into()
}

fn wrong_code() -> DomainError {
    Violation::new(
        Code::WrongCredentials,
        "code",
        "This code is not good: each works once, and those of the app for about a minute. Wait for the next one, or use a recovery code.",
        "Ce code n’est pas valide : chacun sert une seule fois, et ceux de l’application pendant environ une minute. Attendez le suivant, ou utilisez un code de secours.",
    )
    .into()
}
