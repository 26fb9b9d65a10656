//! Confirming a mail address by the link that was sent to it.

use entity::account::{self, AccountState};
use entity::account_token::TokenPurpose;
use sea_orm::{ActiveModelTrait as _, Set};

use super::{register, use_token};
use crate::context::Context;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::store::transaction::begin_write;

/// Marks the address of the link's account as confirmed and returns the account.
pub async fn run(ctx: &Context, token: &str) -> Result<account::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = use_token(&ctx.app, &*transaction, token, TokenPurpose::VerifyAddress).await?;
    let state = if account.state == AccountState::Unverified {
        AccountState::Active
    } else {
        account.state
    };
    let version = account.version + 1;
    let account = account::ActiveModel {
        state: Set(state),
        email_verified_at: Set(Some(ctx.now())),
        version: Set(version),
        updated_at: Set(ctx.now()),
        ..account.into()
    }
    .update(&*transaction)
    .await?;
    transaction.commit().await?;
    Ok(account)
}

/// Sends the link again to the logged-in account, unless its address is confirmed.
pub async fn send_again(ctx: &Context) -> Result<(), DomainError> {
    let person = ctx.person()?;
    ctx.app.limiter.check(
        Operation::MailRecovery,
        format!("verify:{}", person.account_id),
    )?;
    let account = super::load(&ctx.app.store.connection, person.account_id).await?;
    if account.email_verified_at.is_some() {
        return Ok(());
    }
    let transaction = begin_write(&ctx.app.store).await?;
    register::mail_verification(ctx, &*transaction, &account).await?;
    transaction.commit().await?;
    Ok(())
}
