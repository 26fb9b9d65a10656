//! Asking for a link to choose a new password. The answer, and the work before it, are the same for known and unknown
//! addresses.

use entity::personal::Personal;

use super::email;
use crate::context::Context;
use crate::error::DomainError;
use crate::jobs::{self, mail_reset_link::MailResetLink};
use crate::limiter::Operation;
use crate::store::transaction::{begin_write, retrying};

/// Mails the link to the address's account, if it has one.
pub async fn run(ctx: &Context, address: &Personal) -> Result<(), DomainError> {
    if let Some(violation) = email::violation(address, "email") {
        return Err(violation.into());
    }
    let limiter = &ctx.app.limiter;
    limiter.check_client(Operation::Recover, ctx.client).await?;
    // One mail an hour for each address; the caller hears the same either way.
    match limiter
        .check(Operation::MailRecovery, email::normalize(address).expose())
        .await
    {
        Err(DomainError::RateLimited { .. }) => return Ok(()),
        counted => counted?,
    }
    // A try in which a concurrent transaction was in the way has spent the hour's mail already: only this part is tried
    // again.
    retrying(|| queue(ctx, address)).await
}

async fn queue(ctx: &Context, address: &Personal) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = email::find_account(&*transaction, address).await?;
    let job = MailResetLink {
        account_id: account.map(|account| account.id),
    };
    jobs::enqueue(&ctx.app, &*transaction, &job, ctx.now()).await?;
    transaction.commit().await?;
    Ok(())
}
