//! Mailing the link by which someone chooses a new password. Runs as a job, so that asking for it is the same work for
//! every address.

use entity::account_token::TokenPurpose;
use entity::id::AccountId;
use matcher::mail::{Message, ResetPassword};

use super::{RESET_LIFE, add_token, is_admitted, load_locked};
use crate::context::Context;
use crate::error::DomainError;
use crate::outbox::{self, Draft};
use crate::store::transaction::begin_write;

/// Mails a new link to the account, whose earlier ones end, unless it may not log in.
pub async fn run(ctx: &Context, account_id: AccountId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = match load_locked(&*transaction, account_id).await {
        Ok(account) if is_admitted(&account) => account,
        Ok(_) | Err(DomainError::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
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
    transaction.commit().await?;
    Ok(())
}
