//! Taking the second factor of another account away: its owner lost the app and the recovery codes. Whoever has them now may
//! have an open session too, so that all of them end.

use entity::account;
use entity::id::AccountId;
use entity::session::SessionEndReason;
use matcher::mail::FactorChange;

use super::super::admins::Admins;
use super::{delete, delete_passkeys, load_both, tell};
use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Takes the factor and all passkeys away, ends the sessions and tells the owner. Nothing happens when there is none.
pub async fn run(ctx: &Context, id: AccountId) -> Result<account::Model, DomainError> {
    decide(&ctx.actor, AccountAction::ResetSecondFactor, id).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    Admins::lock(&*transaction).await?.require_actor(ctx)?;
    let (account, factor) = load_both(&transaction, id).await?;
    let had_passkeys = delete_passkeys(&*transaction, id).await?;
    if factor.is_none() && !had_passkeys {
        return Ok(account);
    }
    delete(&transaction, id).await?;
    session::end_all(&*transaction, id, SessionEndReason::Revoked, ctx.now()).await?;
    let subject = ("account", Some(id.uuid()));
    let detail = serde_json::json!({});
    let action = "account.second_factor_reset";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    tell(&ctx.app, &transaction, &account, FactorChange::Reset).await?;
    transaction.commit().await?;
    Ok(account)
}
