//! Keeping a passkey that a device has made. It counts as shown in this session, since the device made sure of its owner, unless it
//! is a browser's, which logs in with it where it gets another cookie.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::id::PasskeyId;
use entity::passkey;
use entity::personal::Personal;
use matcher::mail::FactorChange;
use sea_orm::{ActiveModelTrait as _, Set};

use super::super::{load_locked, name, second_factor};
use super::begin_enrolment::too_many;
use super::{MAX, of_account, party, record, take_challenge};
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::session;
use crate::credentials::webauthn::{NewPasskey, Registration, WebauthnError};
use crate::error::{Code, DomainError, Violation};
use crate::policy::account::{AccountAction, decide};
use crate::store::constraint;
use crate::store::transaction::{begin_write, retrying};

/// The longest name of a passkey, in characters.
const MAX_NAME: usize = 60;

/// The passkey, and what to call it.
#[derive(Clone, Debug)]
pub struct Input {
    /// What its owner calls it: 1 to [`MAX_NAME`] characters.
    pub name: Personal,
    /// The JSON of the browser's answer.
    pub credential: String,
}

/// Keeps the passkey for the actor's account.
///
/// # Errors
/// Violations: the name; the answer cannot be read, is no answer to a challenge of this account, or was not made for this site
/// by a device that verified its user; there are as many passkeys as there may be.
pub async fn run(ctx: &Context, input: &Input) -> Result<passkey::Model, DomainError> {
    let person = ctx.person()?;
    let action = AccountAction::ManageSecondFactor;
    decide(&ctx.actor, action, person.account_id).require()?;
    if let Some(violation) = name::needed_violation(&input.name, "name", MAX_NAME) {
        return Err(violation.into());
    }
    let sent = Registration::read(&input.credential).map_err(|error| refused(ctx, error))?;
    take_challenge(ctx, sent.challenge(), Some(person.account_id)).await?;
    let made = sent
        .verify(&party(&ctx.app)?)
        .map_err(|error| refused(ctx, error))?;
    let name = Personal::new(input.name.expose().trim());
    retrying(|| keep(ctx, person, &name, &made)).await
}

/// Keeps a passkey that was verified.
async fn keep(
    ctx: &Context,
    person: &Person,
    name: &Personal,
    made: &NewPasskey,
) -> Result<passkey::Model, DomainError> {
    let now = ctx.now();
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, person.account_id).await?;
    second_factor::require_shown(&*transaction, person).await?;
    if of_account(&*transaction, account.id).await?.len() >= MAX {
        return Err(too_many().into());
    }
    let inserted = passkey::ActiveModel {
        id: Set(PasskeyId::new(ctx.app.new_id())),
        account_id: Set(account.id),
        name: Set(name.clone()),
        credential_id: Set(made.credential_id.clone()),
        public_key: Set(URL_SAFE_NO_PAD.encode(made.public_key.as_cose())),
        signature_count: Set(made.signature_count.into()),
        created_at: Set(now),
        last_used_at: Set(None),
    }
    .insert(&*transaction)
    .await;
    let kept = inserted.map_err(|error| {
        let column = "credential_id";
        if constraint::is_unique_violation(&error, "uq_passkey_credential_id", "passkey", &[column])
        {
            // Whose it is, is nobody's business.
            not_taken().into()
        } else {
            DomainError::from(error)
        }
    })?;
    session::mark_factor_set_up(&*transaction, person.session_id, now).await?;
    let (action, change) = ("account.passkey_added", FactorChange::PasskeyAdded);
    record(ctx, &transaction, &account, action, change).await?;
    transaction.commit().await?;
    Ok(kept)
}

fn refused(ctx: &Context, error: WebauthnError) -> DomainError {
    tracing::info!(request_id = ctx.request_id, %error, "a new passkey was not taken");
    not_taken().into()
}

fn not_taken() -> Violation {
    Violation::new(
        Code::Invalid,
        "credential",
        "This passkey cannot be taken: it has to be new, made for this site, and protected by a PIN, a finger or a face.",
        "Cette clé d’accès ne peut pas être acceptée : elle doit être nouvelle, créée pour ce site et protégée par un NIP, une empreinte ou un visage.",
    )
}
