//! Opening an account that was disabled. Its password holds again; its sessions stay ended.

use entity::account::{self, AccountState};
use entity::id::AccountId;
use sea_orm::{ActiveModelTrait as _, Set};

use super::admins::Admins;
use super::{erased, load_locked};
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Enables the account. One that is not disabled stays as it is.
///
/// # Errors
/// A violation when it was erased.
pub async fn run(ctx: &Context, id: AccountId) -> Result<account::Model, DomainError> {
    decide(&ctx.actor, AccountAction::Enable, id).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    Admins::lock(&*transaction).await?.require_actor(ctx)?;
    let account = load_locked(&*transaction, id).await?;
    match account.state {
        AccountState::Unverified | AccountState::Active => return Ok(account),
        AccountState::Erased => return Err(erased().into()),
        AccountState::Disabled => {}
    }
    let state = if account.email_verified_at.is_some() {
        AccountState::Active
    } else {
        AccountState::Unverified
    };
    let version = account.version + 1;
    let account = account::ActiveModel {
        state: Set(state),
        version: Set(version),
        updated_at: Set(ctx.now()),
        ..account.into()
    }
    .update(&*transaction)
    .await?;
    let subject = ("account", Some(id.uuid()));
    let detail = serde_json::json!({});
    audit::record(ctx, &*transaction, "account.enabled", subject, detail).await?;
    transaction.commit().await?;
    Ok(account)
}
