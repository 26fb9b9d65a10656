//! Ending all of one's sessions but the one in use.

use entity::session::SessionEndReason;

use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Ends the other sessions and says how many there were.
pub async fn run(ctx: &Context) -> Result<u64, DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::ManageSessions, person.account_id).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let count = session::end_others(
        &*transaction,
        person.account_id,
        person.session_id,
        SessionEndReason::Revoked,
        ctx.now(),
    )
    .await?;
    if count > 0 {
        let subject = ("account", Some(person.account_id.uuid()));
        let detail = serde_json::json!({ "count": count });
        let action = "account.other_sessions_revoked";
        audit::record(ctx, &*transaction, action, subject, detail).await?;
    }
    transaction.commit().await?;
    Ok(count)
}
