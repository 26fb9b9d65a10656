//! Log-ins at the provider that were begun: bound to the browser that began, good once, for ten minutes, and on any server.

use chrono::TimeDelta;
use entity::id::{AccountId, SessionId};
use entity::pending_log_in::{self, LogInPurpose};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};
use url::Url;

use super::{Begun, provider};
use crate::context::Context;
use crate::credentials::sealing::Purpose;
use crate::credentials::secret_token::{self, SecretToken};
use crate::error::DomainError;
use crate::identity_provider::Sent;
use crate::store::transaction::{begin_write, retrying};

/// How long the provider's answer is waited for.
const LIFE: TimeDelta = TimeDelta::minutes(10);

/// A log-in that was begun, used up.
pub(super) struct Taken {
    pub(super) log_in: pending_log_in::Model,
    /// What shows the provider that it was us who began.
    pub(super) verifier: String,
}

/// Begins one in the browser that holds `session`, if any. Those that nobody came back for go.
pub(super) async fn add(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    purpose: LogInPurpose,
    session: Option<(AccountId, SessionId)>,
    log_in_address: &Url,
) -> Result<Begun, DomainError> {
    let now = ctx.now();
    pending_log_in::Entity::delete_many()
        .filter(pending_log_in::COLUMN.expires_at.lte(now))
        .exec(transaction)
        .await?;
    let make = || SecretToken::generate(&ctx.app.random);
    let (state, browser, nonce, verifier) = (make(), make(), make(), make().secret);
    let sealing = &ctx.app.keys.sealing;
    let sealed = sealing.seal(Purpose::LogIn, &state.hash, verifier.as_bytes());
    pending_log_in::ActiveModel {
        state_hash: Set(state.hash),
        browser_hash: Set(browser.hash),
        nonce_hash: Set(nonce.hash),
        sealed_verifier: Set(sealed.map_err(|error| DomainError::Internal(error.into()))?),
        purpose: Set(purpose),
        account_id: Set(session.map(|(account_id, _)| account_id)),
        session_id: Set(session.map(|(_, session_id)| session_id)),
        expires_at: Set(now + LIFE),
    }
    .insert(transaction)
    .await?;
    let sent = Sent {
        state: &state.secret,
        nonce: &nonce.secret,
        verifier: &verifier,
        language: ctx.language,
    };
    let address = provider(&ctx.app)?.address(log_in_address.clone(), &sent);
    Ok(Begun {
        address: address.into(),
        browser: browser.secret,
    })
}

/// Whether there is one to be used up.
pub(super) async fn is_waiting(
    ctx: &Context,
    state: &str,
    browser: &str,
) -> Result<bool, DomainError> {
    let found = find(&ctx.app.store.connection, ctx, state, browser).await?;
    Ok(found.is_some())
}

async fn find(
    connection: &impl ConnectionTrait,
    ctx: &Context,
    state: &str,
    browser: &str,
) -> Result<Option<pending_log_in::Model>, DomainError> {
    let browser_hash = secret_token::hash(browser);
    Ok(
        pending_log_in::Entity::find_by_id(secret_token::hash(state))
            .filter(
                pending_log_in::COLUMN
                    .browser_hash
                    .eq(browser_hash.as_str()),
            )
            .filter(pending_log_in::COLUMN.expires_at.gt(ctx.now()))
            .one(connection)
            .await?,
    )
}

/// Uses one up, in a transaction of its own: what was tried was tried. Nothing when there is none, it was begun in another
/// browser, was used, or has expired.
pub(super) async fn take(
    ctx: &Context,
    state: &str,
    browser: &str,
) -> Result<Option<Taken>, DomainError> {
    let log_in = retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        let Some(found) = find(&*transaction, ctx, state, browser).await? else {
            return Ok(None);
        };
        // Whoever comes second at the same moment deletes no row.
        let deleted = pending_log_in::Entity::delete_by_id(found.state_hash.clone())
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(found).filter(|_| deleted.rows_affected == 1))
    })
    .await?;
    let Some(log_in) = log_in else {
        return Ok(None);
    };
    let sealing = &ctx.app.keys.sealing;
    let verifier = sealing
        .open(Purpose::LogIn, &log_in.state_hash, &log_in.sealed_verifier)
        .map_err(|error| DomainError::Internal(error.into()))?;
    let verifier = String::from_utf8(verifier).map_err(|it| DomainError::Internal(it.into()))?;
    Ok(Some(Taken { log_in, verifier }))
}
