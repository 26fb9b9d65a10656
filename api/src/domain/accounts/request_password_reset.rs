//! Asking for a link to choose a new password. The answer is the same for known and unknown addresses.

use entity::account::AccountState;
use entity::account_token::TokenPurpose;
use matcher::mail::{Message, ResetPassword};

use super::{RESET_LIFE, add_token, email};
use crate::context::Context;
use crate::credentials::secret_token;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::outbox::{self, Draft};
use crate::store::transaction::begin_write;

/// Mails the link to the address's account, if it has one.
pub async fn run(ctx: &Context, address: &str) -> Result<(), DomainError> {
    if let Some(violation) = email::violation(address, "email") {
        return Err(violation.into());
    }
    let limiter = &ctx.app.limiter;
    limiter.check_client(Operation::Recover, ctx.client)?;
    // One mail an hour for each address; the caller hears the same either way.
    if limiter
        .check(
            Operation::MailRecovery,
            secret_token::hash(&email::normalize(address)),
        )
        .is_err()
    {
        return Ok(());
    }
    let transaction = begin_write(&ctx.app.store).await?;
    let account = email::find_account(&*transaction, address).await?;
    if let Some(account) = account.filter(|account| {
        matches!(
            account.state,
            AccountState::Unverified | AccountState::Active
        )
    }) {
        let secret = add_token(
            &ctx.app,
            &*transaction,
            account.id,
            TokenPurpose::ResetPassword,
        )
        .await?;
        let message = Message::ResetPassword(ResetPassword {
            link: format!("{}/a/reset?token={secret}", ctx.app.config.http.base_url),
            expires_at: ctx.now() + RESET_LIFE,
        });
        let draft = Draft {
            to: &account,
            message,
            pairing_id: None,
            send_at: ctx.now(),
        };
        outbox::queue(&ctx.app, &*transaction, draft).await?;
    }
    transaction.commit().await?;
    Ok(())
}
