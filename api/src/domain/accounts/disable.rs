//! Shutting an account: its owner is logged out everywhere and cannot log in until it is enabled again.

use entity::account::{self, AccountState};
use entity::id::AccountId;
use entity::session::SessionEndReason;
use sea_orm::{ActiveModelTrait as _, Set};

use super::admins::Admins;
use super::{end_all_tokens, erased, load_locked};
use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Disables the account, ends its sessions and the links that were mailed to it. One that is disabled stays as it is. Its
/// memberships and pairings are not touched: organizations keep their history, and the matcher passes it over.
///
/// # Errors
/// A violation when it is the only administrator, or was erased.
pub async fn run(ctx: &Context, id: AccountId) -> Result<account::Model, DomainError> {
    decide(&ctx.actor, AccountAction::Disable, id).require()?;
    let app = &ctx.app;
    let now = ctx.now();
    let transaction = begin_write(&app.store).await?;
    let admins = Admins::lock(&*transaction).await?;
    admins.require_actor(ctx)?;
    let account = load_locked(&*transaction, id).await?;
    match account.state {
        AccountState::Disabled => return Ok(account),
        AccountState::Erased => return Err(erased().into()),
        AccountState::Unverified | AccountState::Active => {}
    }
    admins.keep_one_beside(id, "accountId")?;
    let version = account.version + 1;
    let account = account::ActiveModel {
        state: Set(AccountState::Disabled),
        version: Set(version),
        updated_at: Set(now),
        ..account.into()
    }
    .update(&*transaction)
    .await?;
    session::end_all(&*transaction, id, SessionEndReason::Disabled, now).await?;
    end_all_tokens(app, &*transaction, id).await?;
    let subject = ("account", Some(id.uuid()));
    let detail = serde_json::json!({});
    audit::record(ctx, &*transaction, "account.disabled", subject, detail).await?;
    transaction.commit().await?;
    Ok(account)
}
