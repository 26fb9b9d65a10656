//! Beginning to link an identity provider's account to one's own: with the password, in a session that has shown the second
//! factor where there is one.

use entity::account;
use entity::pending_log_in::LogInPurpose;
use secrecy::SecretString;
use url::Url;

use super::super::{load, load_locked, second_factor, wrong_password};
use super::list::find;
use super::{Begun, IdentityError, pending, provider, unavailable};
use crate::actor::Person;
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::{begin_write, retrying};

/// Says where to go. An open session alone does not suffice: whoever logs in there logs in here from then on.
///
/// # Errors
/// Violations: the password is wrong, the address was never confirmed, or there is one of this provider already.
/// [`DomainError::SecondFactorRequired`] while the session has not shown the factor.
pub async fn run(ctx: &Context, password: &SecretString) -> Result<Begun, IdentityError> {
    let app = &ctx.app;
    let provider = provider(app)?;
    let person = second_factor::begin(ctx).await?;
    let account = load(&app.store.connection, person.account_id).await?;
    let hash = account.password_hash.as_deref();
    let is_right = app.hasher.verify(password, hash).await;
    if !is_right.map_err(DomainError::from)? {
        return Err(wrong_password("password").into());
    }
    let address = provider.log_in_address(ctx.now()).await;
    let address = address.map_err(|error| unavailable(ctx, error))?;
    Ok(retrying(|| begin(ctx, person, &account, &address)).await?)
}

/// Begins for an account whose password was verified.
async fn begin(
    ctx: &Context,
    person: &Person,
    verified: &account::Model,
    address: &Url,
) -> Result<Begun, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, verified.id).await?;
    // Looked at again: the password was changed meanwhile.
    if account.password_hash != verified.password_hash {
        return Err(wrong_password("password"));
    }
    second_factor::require_shown(&*transaction, person).await?;
    // Whoever registered an address first need not be its owner, who takes the account over with the password alone.
    if account.email_verified_at.is_none() {
        return Err(unverified().into());
    }
    let issuer = &provider(&ctx.app)?.config.issuer;
    if find(&*transaction, account.id, issuer).await?.is_some() {
        return Err(has_one().into());
    }
    let session = Some((account.id, person.session_id));
    let begun = pending::add(ctx, &*transaction, LogInPurpose::Link, session, address).await?;
    transaction.commit().await?;
    Ok(begun)
}

/// What whoever has one already is told.
pub(super) fn has_one() -> Violation {
    Violation::new(
        Code::WrongState,
        "",
        "An account of this provider is linked to yours already; unlink it first.",
        "Un compte de ce fournisseur est déjà lié au vôtre; dissociez-le d’abord.",
    )
}

fn unverified() -> Violation {
    Violation::new(
        Code::Unverified,
        "",
        "Confirm your mail address first, by the link that was sent to it.",
        "Confirmez d’abord votre adresse courriel, par le lien qui y a été envoyé.",
    )
}
