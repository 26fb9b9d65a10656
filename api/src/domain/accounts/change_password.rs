//! Changing one's password; every other session ends.

use entity::account;
use entity::account_token::TokenPurpose;
use entity::id::SessionId;
use entity::session::SessionEndReason;
use matcher::mail::{Message, PasswordChanged};
use sea_orm::{ActiveModelTrait as _, Set};
use secrecy::SecretString;

use super::{end_tokens, known_words, load_locked, wrong_password};
use crate::context::Context;
use crate::credentials::{password_rule, session};
use crate::domain::audit;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::outbox::{self, Draft};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::{begin_write, retrying};

/// The password as it is and as it shall be.
#[derive(Clone, Debug)]
pub struct Input {
    /// The password in use.
    pub current_password: SecretString,
    /// The new one, 8 to 128 characters.
    pub new_password: SecretString,
}

/// Replaces the password.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::Edit, person.account_id).require()?;
    let account = super::load(&ctx.app.store.connection, person.account_id).await?;
    let known = known_words(ctx, &account);
    if let Some(violation) = password_rule::violation(&input.new_password, &known, "newPassword") {
        return Err(violation.into());
    }
    let limiter = &ctx.app.limiter;
    limiter.check_client(Operation::LogIn, ctx.client).await?;
    if !ctx
        .app
        .hasher
        .verify(&input.current_password, account.password_hash.as_deref())
        .await?
    {
        return Err(wrong_password("currentPassword"));
    }
    let hash = ctx.app.hasher.hash(&input.new_password).await?;
    // Only this part is tried again when a concurrent transaction was in the way: the try is counted, and the work done.
    retrying(|| replace(ctx, &account, person.session_id, &hash)).await
}

/// Replaces the password of an account whose present one was verified.
async fn replace(
    ctx: &Context,
    verified: &account::Model,
    session_id: SessionId,
    hash: &str,
) -> Result<(), DomainError> {
    let now = ctx.now();
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, verified.id).await?;
    // The password was changed while we hashed: by its owner, who may want to be rid of this very session.
    if account.password_hash != verified.password_hash {
        return Err(wrong_password("currentPassword"));
    }
    let version = account.version + 1;
    let account = account::ActiveModel {
        password_hash: Set(Some(hash.to_owned())),
        version: Set(version),
        updated_at: Set(now),
        ..account.into()
    }
    .update(&*transaction)
    .await?;
    let reason = SessionEndReason::PasswordChanged;
    let held = session::load(&*transaction, session_id).await?;
    if held.cookie_hash.is_some() {
        // Of a cookie there may be a copy, and GraphQL gives no new one: the browser logs in anew.
        session::end_all(&*transaction, account.id, reason, now).await?;
    } else {
        session::end_others(&*transaction, account.id, session_id, reason, now).await?;
    }
    // Somebody else may have asked for another address, with the password of before.
    for purpose in [TokenPurpose::ResetPassword, TokenPurpose::ChangeEmail] {
        end_tokens(&ctx.app, &*transaction, account.id, purpose).await?;
    }
    let subject = ("account", Some(account.id.uuid()));
    audit::record(
        ctx,
        &*transaction,
        "account.password_changed",
        subject,
        serde_json::json!({}),
    )
    .await?;
    let message = Message::PasswordChanged(PasswordChanged {
        changed_at: now,
        reset_link: format!("{}/a/reset", ctx.app.config.http.base_url),
    });
    outbox::queue(
        &ctx.app,
        &*transaction,
        Draft {
            to: &account,
            message,
            pairing_id: None,
            send_at: now,
        },
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
