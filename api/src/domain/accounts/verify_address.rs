//! Confirming a mail address by the link that was sent to it.

use entity::account::{self, AccountState};
use entity::account_token::{self, TokenPurpose};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use super::{find_owner, link_ended, load_locked, mail_registration, use_token};
use crate::context::Context;
use crate::credentials::secret_token;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::{begin_write, retrying};

/// Marks the address of the link's account as confirmed and returns the account.
pub async fn run(ctx: &Context, token: &str) -> Result<account::Model, DomainError> {
    let limiter = &ctx.app.limiter;
    limiter
        .check_client(Operation::FollowLink, ctx.client)
        .await?;
    // Writers wait for each other: not for a made-up token.
    find_owner(&ctx.app, token, TokenPurpose::VerifyAddress)
        .await?
        .ok_or_else(link_ended)?;
    retrying(|| confirm(ctx, token)).await
}

/// Uses up the link and marks the address as confirmed.
async fn confirm(ctx: &Context, token: &str) -> Result<account::Model, DomainError> {
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

/// Whether the address was confirmed by this very link before: who sends the form twice hears the same again.
pub async fn was_confirmed_by(ctx: &Context, token: &str) -> Result<bool, DomainError> {
    let used = account_token::Entity::find()
        .filter(
            account_token::COLUMN
                .token_hash
                .eq(secret_token::hash(token).as_str()),
        )
        .filter(
            account_token::COLUMN
                .purpose
                .eq(TokenPurpose::VerifyAddress),
        )
        .filter(account_token::COLUMN.used_at.is_not_null())
        .find_also_related(account::Entity)
        .one(&ctx.app.store.connection)
        .await?;
    Ok(used
        .and_then(|(_, account)| account)
        .is_some_and(|account| account.email_verified_at.is_some()))
}

/// Sends the link again to the logged-in account, unless its address is confirmed, or somebody who may be its owner came after
/// whoever is logged in: that mail's link alone confirms it then.
pub async fn send_again(ctx: &Context) -> Result<(), DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::Edit, person.account_id).require()?;
    let limiter = &ctx.app.limiter;
    let key = format!("verify:{}", person.account_id);
    limiter.check(Operation::MailRecovery, &key).await?;
    retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        let account = load_locked(&*transaction, person.account_id).await?;
        let is_confirmed = account.email_verified_at.is_some();
        if is_confirmed || mail_registration::is_overtaken(&*transaction, &account).await? {
            return Ok(());
        }
        mail_registration::mail_verification(ctx, &*transaction, &account).await?;
        transaction.commit().await?;
        Ok(())
    })
    .await
}
