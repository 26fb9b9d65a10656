//! Mailing whoever signed up: the link that confirms the address or, when it had an account already, word that somebody
//! tried. Runs as a job, so that signing up takes as long for a known address as for a new one.

use chrono::TimeDelta;
use entity::account;
use entity::account_token::{self, TokenPurpose};
use entity::id::AccountId;
use entity::mail_message;
use matcher::mail::{AlreadyRegistered, Kind, Message, VerifyAddress};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};

use super::{VERIFICATION_LIFE, add_token, end_tokens, load_locked};
use crate::context::Context;
use crate::error::DomainError;
use crate::outbox::{self, Draft};
use crate::store::transaction::begin_write;

/// The time between two mails that tell somebody of an account.
const PAUSE: TimeDelta = TimeDelta::hours(1);

/// What signing up came upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// No account: it was made.
    New,
    /// An account that was there.
    Repeated,
}

/// Mails the account's owner.
pub async fn run(
    ctx: &Context,
    account_id: AccountId,
    registration: Registration,
) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = match load_locked(&*transaction, account_id).await {
        Ok(account) => account,
        Err(DomainError::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    match registration {
        Registration::New if is_overtaken(&*transaction, &account).await? => return Ok(()),
        Registration::New => mail_verification(ctx, &*transaction, &account).await?,
        Registration::Repeated => remind_of_account(ctx, &*transaction, &account).await?,
    }
    transaction.commit().await?;
    Ok(())
}

/// Whether somebody came after the account was made and before its mail, as when the mail had to be tried again: signed up
/// once more, or asked for a new password. The link of that mail confirms the address too, and only with a password that its
/// reader chooses.
pub(super) async fn is_overtaken(
    transaction: &impl ConnectionTrait,
    account: &account::Model,
) -> Result<bool, DomainError> {
    let later = account_token::Entity::find()
        .filter(account_token::COLUMN.account_id.eq(account.id))
        .filter(
            account_token::COLUMN
                .purpose
                .eq(TokenPurpose::ResetPassword),
        )
        .one(transaction)
        .await?;
    Ok(later.is_some())
}

/// Mails the link that confirms the address.
pub(super) async fn mail_verification(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
) -> Result<(), DomainError> {
    let secret = add_token(
        &ctx.app,
        transaction,
        account.id,
        TokenPurpose::VerifyAddress,
    )
    .await?;
    let message = Message::VerifyAddress(VerifyAddress {
        link: format!("{}/a/verify?token={secret}", ctx.app.config.http.base_url),
        expires_at: ctx.now() + VERIFICATION_LIFE,
    });
    let draft = Draft {
        to: account,
        message,
        pairing_id: None,
        send_at: ctx.now(),
    };
    outbox::queue(&ctx.app, transaction, draft).await
}

/// The owner of the address hears that someone tried to register it. While it is not confirmed, nobody knows which of
/// the two knows the account's password: the link then leads to choosing a new one, which ends every session, and the
/// first registration's link ends, since confirming it would hand the address to whoever came first. Once an hour at most:
/// nobody fills another's mailbox, and the link in it stays good.
async fn remind_of_account(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
) -> Result<(), DomainError> {
    let before = mail_message::Entity::find()
        .filter(mail_message::COLUMN.account_id.eq(account.id))
        .filter(
            mail_message::COLUMN
                .kind
                .eq(Kind::AlreadyRegistered.as_str()),
        )
        .filter(mail_message::COLUMN.created_at.gt(ctx.now() - PAUSE))
        .one(transaction)
        .await?;
    if before.is_some() {
        return Ok(());
    }
    let mut reset_link = format!("{}/a/reset", ctx.app.config.http.base_url);
    if account.email_verified_at.is_none() {
        let app = &ctx.app;
        end_tokens(app, transaction, account.id, TokenPurpose::VerifyAddress).await?;
        let secret = add_token(app, transaction, account.id, TokenPurpose::ResetPassword).await?;
        reset_link = format!("{reset_link}?token={secret}");
    }
    let message = Message::AlreadyRegistered(AlreadyRegistered {
        reset_link,
        is_confirmed: account.email_verified_at.is_some(),
    });
    let draft = Draft {
        to: account,
        message,
        pairing_id: None,
        send_at: ctx.now(),
    };
    outbox::queue(&ctx.app, transaction, draft).await
}
