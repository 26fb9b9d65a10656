//! Giving and taking staff roles. Whoever has another role than before logs in anew: what their sessions may do, and how
//! long they last, is another matter.

use entity::account::{self, AccountState, StaffRole};
use entity::id::AccountId;
use entity::session::SessionEndReason;
use sea_orm::{ActiveModelTrait as _, Set};

use super::admins::Admins;
use super::second_factor::delete_passkeys;
use super::{erased, load_locked};
use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Which account, and the role.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// The account.
    pub id: AccountId,
    /// The role it shall have, if any.
    pub staff_role: Option<StaffRole>,
}

/// Sets an account's staff role and ends its sessions; one that had no role loses its passkeys. Nothing happens when it has the role already.
///
/// # Errors
/// A violation when it is the only administrator, not open, or of an address that was never confirmed.
pub async fn run(ctx: &Context, input: &Input) -> Result<account::Model, DomainError> {
    decide(&ctx.actor, AccountAction::SetStaffRole, input.id).require()?;
    let role = input.staff_role;
    let now = ctx.now();
    let transaction = begin_write(&ctx.app.store).await?;
    let admins = Admins::lock(&*transaction).await?;
    admins.require_actor(ctx)?;
    let account = load_locked(&*transaction, input.id).await?;
    let before = account.staff_role;
    if before == role {
        return Ok(account);
    }
    if let Some(violation) = violation(&account, role) {
        return Err(violation.into());
    }
    if role != Some(StaffRole::Admin) {
        admins.keep_one_beside(input.id, "accountId")?;
    }
    // Those of staff are a second factor: none that somebody added before counts as one.
    if before.is_none() {
        delete_passkeys(&*transaction, account.id).await?;
    }
    let version = account.version + 1;
    let account = account::ActiveModel {
        staff_role: Set(role),
        version: Set(version),
        updated_at: Set(now),
        ..account.into()
    }
    .update(&*transaction)
    .await?;
    session::end_all(&*transaction, account.id, SessionEndReason::Revoked, now).await?;
    let subject = ("account", Some(account.id.uuid()));
    let text = |role: Option<StaffRole>| role.map(StaffRole::as_str);
    let detail = serde_json::json!({ "from": text(before), "to": text(role) });
    let action = "account.staff_role_set";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    transaction.commit().await?;
    Ok(account)
}

/// Why the account cannot have `role`. One that is shut or unconfirmed may lose its role.
fn violation(account: &account::Model, role: Option<StaffRole>) -> Option<Violation> {
    if account.state == AccountState::Erased {
        return Some(erased());
    }
    role?;
    if account.state == AccountState::Disabled {
        return Some(Violation::new(
            Code::WrongState,
            "accountId",
            "This account is disabled; enable it first.",
            "Ce compte est désactivé; réactivez-le d’abord.",
        ));
    }
    account.email_verified_at.is_none().then(|| {
        Violation::new(
            Code::Unverified,
            "accountId",
            "The mail address of this account was never confirmed; its owner has to do that first.",
            "L’adresse courriel de ce compte n’a jamais été confirmée; sa ou son titulaire doit d’abord le faire.",
        )
    })
}
