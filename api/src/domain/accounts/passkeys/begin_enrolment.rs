//! Beginning to add a passkey: what the browser passes to the device.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::account;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::super::{load_locked, second_factor, wrong_password};
use super::{CHALLENGE_LIFE, MAX, add_challenge, of_account, party};
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::webauthn::ALGORITHMS;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::{begin_write, retrying};

/// Makes the options of `navigator.credentials.create`. An open session alone does not suffice, and where there is a second
/// factor it has to be shown first: a passkey stands for both.
///
/// # Errors
/// Violations: the password is wrong, the address was never confirmed, or there are as many passkeys as there may be.
/// [`DomainError::SecondFactorRequired`] while the session has not shown the factor.
pub async fn run(ctx: &Context, password: &SecretString) -> Result<Value, DomainError> {
    let person = second_factor::begin(ctx).await?;
    let app = &ctx.app;
    let account = super::super::load(&app.store.connection, person.account_id).await?;
    let hash = account.password_hash.as_deref();
    if !app.hasher.verify(password, hash).await? {
        return Err(wrong_password("password"));
    }
    retrying(|| begin(ctx, person, &account)).await
}

/// Makes them for an account whose password was verified.
async fn begin(
    ctx: &Context,
    person: &Person,
    verified: &account::Model,
) -> Result<Value, DomainError> {
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
    let held = of_account(&*transaction, account.id).await?;
    if held.len() >= MAX {
        return Err(too_many().into());
    }
    let challenge = add_challenge(ctx, &*transaction, Some(account.id)).await?;
    transaction.commit().await?;

    let party = party(&ctx.app)?;
    let (given, family) = (account.given_name.expose(), account.family_name.expose());
    let known = |id: &String| json!({ "type": "public-key", "id": id });
    let algorithm = |number: &i64| json!({ "type": "public-key", "alg": number });
    let excluded: Vec<Value> = held.iter().map(|it| known(&it.credential_id)).collect();
    Ok(json!({
        "rp": { "id": party.id, "name": ctx.app.config.mail.from_name },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(account.id.uuid().as_bytes()),
            "name": account.email.expose(),
            "displayName": format!("{given} {family}").trim(),
        },
        "challenge": challenge,
        "pubKeyCredParams": ALGORITHMS.iter().map(algorithm).collect::<Vec<_>>(),
        "timeout": CHALLENGE_LIFE.num_milliseconds(),
        "excludeCredentials": excluded,
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
        },
        "attestation": "none",
    }))
}

/// What whoever has as many as there may be is told.
pub(super) fn too_many() -> Violation {
    Violation::new(
        Code::TooLong,
        "",
        format!("An account has at most {MAX} passkeys; take one away first."),
        format!("Un compte a au plus {MAX} clés d’accès; retirez-en une d’abord."),
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
