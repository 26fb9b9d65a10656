//! Setting up an authenticator app: the secret is made and shown once. It protects nothing before a first code of the app
//! confirms it.

use entity::{account, second_factor};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, Set};
use secrecy::SecretString;

use super::super::wrong_password;
use super::{begin, load_both, require_shown};
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::sealing::Purpose;
use crate::credentials::totp::SharedSecret;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::{begin_write, retrying};

/// What the app needs, once.
#[derive(Clone)]
pub struct Enrolment {
    /// For typing: 32 characters of base32.
    pub secret: String,
    /// The same as an `otpauth://` address, for a QR code.
    pub address: String,
}

/// Makes a secret for the actor's account; one that was never confirmed is replaced. An open session alone does not
/// suffice: the owner could be shut out by whoever passes by.
///
/// # Errors
/// Violations: the password is wrong, or there is a factor already.
pub async fn run(ctx: &Context, password: &SecretString) -> Result<Enrolment, DomainError> {
    let person = begin(ctx).await?;
    let app = &ctx.app;
    let account = super::super::load(&app.store.connection, person.account_id).await?;
    let hash = account.password_hash.as_deref();
    if !app.hasher.verify(password, hash).await? {
        return Err(wrong_password("password"));
    }
    retrying(|| add(ctx, person, &account)).await
}

/// Stores a new secret for an account whose password was verified.
async fn add(
    ctx: &Context,
    person: &Person,
    verified: &account::Model,
) -> Result<Enrolment, DomainError> {
    let app = &ctx.app;
    let transaction = begin_write(&app.store).await?;
    let (account, before) = load_both(&transaction, verified.id).await?;
    // Looked at again: the password was changed meanwhile.
    if account.password_hash != verified.password_hash {
        return Err(wrong_password("password"));
    }
    if before.is_some_and(|factor| factor.confirmed_at.is_some()) {
        return Err(Violation::new(
            Code::WrongState,
            "",
            "This account has a second factor already; take it away first.",
            "Ce compte a déjà un second facteur; retirez-le d’abord.",
        )
        .into());
    }
    // A passkey is one too.
    require_shown(&*transaction, person).await?;
    let secret = SharedSecret::generate(&app.random);
    let name = account.id.to_string();
    let sealed = app
        .keys
        .sealing
        .seal(Purpose::SecondFactor, &name, secret.as_bytes())
        .map_err(|error| DomainError::Internal(error.into()))?;
    second_factor::Entity::delete_by_id(account.id)
        .exec(&*transaction)
        .await?;
    second_factor::ActiveModel {
        account_id: Set(account.id),
        sealed_secret: Set(sealed),
        created_at: Set(ctx.now()),
        confirmed_at: Set(None),
        last_step: Set(None),
    }
    .insert(&*transaction)
    .await?;
    transaction.commit().await?;
    Ok(Enrolment {
        secret: secret.to_base32(),
        address: secret.address(&app.config.mail.from_name, account.email.expose())?,
    })
}
