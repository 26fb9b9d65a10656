//! Having somebody erased who asked for it in writing, by an administrator; and what this and [`erase_own`](super::erase_own)
//! have in common: the account is shut at once, and a job does the rest.

use entity::account::{self, AccountState};
use entity::id::AccountId;
use entity::personal::Personal;
use entity::session::SessionEndReason;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, Set};

use super::admins::Admins;
use super::{email, end_all_tokens, load, load_locked};
use crate::context::Context;
use crate::credentials::session;
use crate::domain::{audit, organizations};
use crate::error::{Code, DomainError, Violation};
use crate::jobs::{self, erase_account::EraseAccount};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Who shall be erased.
#[derive(Clone, Debug)]
pub struct Input {
    /// The account.
    pub account_id: AccountId,
    /// Its mail address once more: no slip of an id erases another.
    pub email: Personal,
}

/// Shuts the account and queues its erasure. A repetition changes nothing.
///
/// # Errors
/// Violations: another address, the only owner of an organization, the only administrator.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    ctx.person()?;
    decide(&ctx.actor, AccountAction::Erase, input.account_id).require()?;
    let account = load(&ctx.app.store.connection, input.account_id).await?;
    if account.state == AccountState::Erased {
        return Ok(());
    }
    confirm(&account, &input.email)?;
    let transaction = begin_write(&ctx.app.store).await?;
    request(ctx, &*transaction, input.account_id).await?;
    transaction.commit().await?;
    Ok(())
}

/// Checks that the address typed in is the account's.
pub(super) fn confirm(account: &account::Model, typed: &Personal) -> Result<(), DomainError> {
    if email::normalize(typed) == account.email_normalized {
        return Ok(());
    }
    Err(Violation::new(
        Code::Invalid,
        "email",
        "This is not the account's mail address. Type it in to confirm: erasure cannot be taken back.",
        "Ce n’est pas l’adresse courriel du compte. Saisissez-la pour confirmer : l’effacement est irrévocable.",
    )
    .into())
}

/// Shuts an account, ends its sessions, links and memberships, and queues the job that erases its owner.
pub(in crate::domain) async fn request(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    id: AccountId,
) -> Result<(), DomainError> {
    let now = ctx.now();
    let admins = Admins::lock(transaction).await?;
    if ctx.actor.account_id() != Some(id) {
        admins.require_actor(ctx)?;
    }
    admins.keep_one_beside(id, "email")?;
    organizations::leave_all::run(ctx, transaction, id).await?;
    let account = load_locked(transaction, id).await?;
    if account.state == AccountState::Erased {
        return Ok(());
    }
    let version = account.version + 1;
    account::ActiveModel {
        state: Set(AccountState::Disabled),
        version: Set(version),
        updated_at: Set(now),
        ..account.into()
    }
    .update(transaction)
    .await?;
    session::end_all(transaction, id, SessionEndReason::Disabled, now).await?;
    end_all_tokens(&ctx.app, transaction, id).await?;
    let subject = ("account", Some(id.uuid()));
    let detail = serde_json::json!({});
    audit::record(
        ctx,
        transaction,
        "account.erasure_requested",
        subject,
        detail,
    )
    .await?;
    let job = EraseAccount {
        account_id: id,
        is_second_look: false,
    };
    jobs::enqueue(&ctx.app, transaction, &job, now).await
}
