//! Ending the session in use.

use entity::session::SessionEndReason;

use crate::context::Context;
use crate::credentials::session;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Ends the session whose token was shown; its tokens are refused from now on.
pub async fn run(ctx: &Context) -> Result<(), DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::ManageSessions, person.account_id).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    session::end(
        &*transaction,
        person.session_id,
        SessionEndReason::LoggedOut,
        ctx.now(),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
