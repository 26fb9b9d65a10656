//! Logging in with a passkey. The session has shown the second factor from the start: the device verified its user. An unknown
//! passkey, a wrong signature and an account that is shut look the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::{account, passkey};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, QueryFilter as _, Set};

use super::super::{is_admitted, load_locked, log_in_browser};
use super::{party, take_challenge};
use crate::context::Context;
use crate::credentials::session::{self, Cookie, Tokens};
use crate::credentials::webauthn::{self, Assertion, PublicKey, WebauthnError};
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::limiter::Operation;
use crate::store::transaction::{WriteTransaction, begin_write, retrying};

/// A passkey that signed our challenge, as it was when that was verified, and how often it has signed since.
struct Shown {
    passkey: passkey::Model,
    count: u32,
}

/// Opens a session of a program. `credential` is the JSON of the browser's answer.
///
/// # Errors
/// Violations: the answer is no answer to a challenge of ours, or the passkey is not good.
pub async fn run(ctx: &Context, credential: &str) -> Result<(account::Model, Tokens), DomainError> {
    let shown = verify(ctx, credential).await?;
    retrying(|| async {
        let (transaction, account) = shown.begin(ctx).await?;
        let factor_at = Some(ctx.now());
        let tokens = session::open(ctx, &*transaction, &account, factor_at).await?;
        transaction.commit().await?;
        Ok((account, tokens))
    })
    .await
}

/// Opens a session of a browser that held the cookie `before`, if any.
///
/// # Errors
/// As [`run`].
pub async fn run_in_browser(
    ctx: &Context,
    credential: &str,
    before: Option<&str>,
) -> Result<(account::Model, Cookie), DomainError> {
    let shown = verify(ctx, credential).await?;
    retrying(|| async {
        let (transaction, account) = shown.begin(ctx).await?;
        let factor_at = Some(ctx.now());
        let cookie = log_in_browser::open(ctx, &*transaction, &account, before, factor_at).await?;
        transaction.commit().await?;
        Ok((account, cookie))
    })
    .await
}

/// Counts the try, uses up the challenge, and looks whose passkey signed it.
async fn verify(ctx: &Context, credential: &str) -> Result<Shown, DomainError> {
    let limiter = &ctx.app.limiter;
    limiter.check_client(Operation::LogIn, ctx.client).await?;
    let sent = Assertion::read(credential).map_err(|error| refused(ctx, error))?;
    take_challenge(ctx, sent.challenge(), None).await?;
    let passkey = passkey::Entity::find()
        .filter(
            passkey::COLUMN
                .credential_id
                .eq(sent.credential_id.as_str()),
        )
        .one(&ctx.app.store.connection)
        .await?
        .ok_or_else(not_good)?;
    // The device says whose it is: nobody named an account before.
    if sent.user_handle.as_deref() != Some(passkey.account_id.uuid().as_bytes()) {
        return Err(not_good());
    }
    let key = URL_SAFE_NO_PAD.decode(&passkey.public_key);
    let key = key.map_err(|error| DomainError::Internal(error.into()))?;
    let key = PublicKey::from_cose(&key).map_err(|error| DomainError::Internal(error.into()))?;
    let count = sent
        .verify(&party(&ctx.app)?, &key)
        .map_err(|error| refused(ctx, error))?;
    Ok(Shown { passkey, count })
}

impl Shown {
    /// Begins the transaction in which a session is opened, with the account locked and the use of its passkey noted.
    async fn begin(
        &self,
        ctx: &Context,
    ) -> Result<(WriteTransaction, account::Model), DomainError> {
        let now = ctx.now();
        let transaction = begin_write(&ctx.app.store).await?;
        let account = load_locked(&*transaction, self.passkey.account_id).await?;
        // Looked at again: taken away meanwhile, it opens nothing any more, and two at once have two counts.
        let passkey = passkey::Entity::find_by_id(self.passkey.id)
            .one(&*transaction)
            .await?
            .filter(|_| is_admitted(&account))
            .ok_or_else(not_good)?;
        if !webauthn::may_follow(passkey.signature_count, self.count) {
            tracing::warn!(passkey = %passkey.id, "a passkey's count of signatures did not go up: there may be a copy");
            return Err(not_good());
        }
        let subject = ("account", Some(account.id.uuid()));
        let detail = serde_json::json!({ "passkey": passkey.id });
        passkey::ActiveModel {
            signature_count: Set(self.count.into()),
            last_used_at: Set(Some(now)),
            ..passkey.into()
        }
        .update(&*transaction)
        .await?;
        let action = "account.passkey_shown";
        audit::record(ctx, &*transaction, action, subject, detail).await?;
        Ok((transaction, account))
    }
}

fn refused(ctx: &Context, error: WebauthnError) -> DomainError {
    tracing::info!(request_id = ctx.request_id, %error, "a passkey was not taken");
    not_good()
}

fn not_good() -> DomainError {
    Violation::new(
        Code::WrongCredentials,
        "",
        "This passkey opens no account here. Use another one, or log in with your password.",
        "Cette clé d’accès n’ouvre aucun compte ici. Utilisez-en une autre, ou ouvrez une session avec votre mot de passe.",
    )
    .into()
}
