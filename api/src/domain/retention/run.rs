//! Deletes what has been kept long enough, and sees after accounts that nobody uses.

use serde_json::json;

use super::{accounts, rows};
use crate::context::Context;
use crate::domain::{audit, idempotency};
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// How much was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Sessions that were deleted with their refresh tokens.
    pub sessions: u64,
    /// Used refresh tokens of other sessions that were deleted.
    pub refresh_tokens: u64,
    /// Secrets of mailed links that were deleted.
    pub account_tokens: u64,
    /// Log-ins that were begun and left, which were deleted.
    pub begun_log_ins: u64,
    /// Idempotency keys that were deleted with their answers.
    pub idempotency_keys: u64,
    /// Jobs that were deleted.
    pub jobs: u64,
    /// Mails that lost their body.
    pub mail_bodies: u64,
    /// Owners of unused accounts who were told for the first time.
    pub first_notices: u64,
    /// Owners of unused accounts who were told for the last time.
    pub last_notices: u64,
    /// Unused accounts that were closed and are erased.
    pub closed_accounts: u64,
    /// Unused accounts that stay, since an organization would be without an owner.
    pub kept_accounts: u64,
}

/// Does all of it, in batches, each a transaction of its own. The counts go into the audit trail when there is something to
/// count.
pub async fn run(ctx: &Context) -> Result<Done, DomainError> {
    let keep = ctx.app.config.retention;
    let now = ctx.now();
    // Accounts first: what sessions tell of their use is noted before they go, but need not be read from two places.
    let unused = accounts::run(ctx).await?;
    let done = Done {
        sessions: rows::delete_sessions(ctx, now - keep.sessions).await?,
        refresh_tokens: rows::delete_refresh_tokens(ctx, now - keep.sessions).await?,
        account_tokens: rows::delete_account_tokens(ctx, now - keep.tokens).await?,
        begun_log_ins: rows::delete_begun(ctx, now).await?,
        idempotency_keys: rows::delete_idempotency_keys(ctx, now - idempotency::KEPT).await?,
        jobs: rows::delete_jobs(ctx, now - keep.jobs).await?,
        mail_bodies: rows::empty_mails(ctx, now - keep.mail_bodies).await?,
        first_notices: unused.first_notices,
        last_notices: unused.last_notices,
        closed_accounts: unused.closed,
        kept_accounts: unused.kept,
    };
    if done != Done::default() {
        retrying(|| note(ctx, done)).await?;
    }
    Ok(done)
}

async fn note(ctx: &Context, done: Done) -> Result<(), DomainError> {
    let counts = json!({
        "sessions": done.sessions,
        "refreshTokens": done.refresh_tokens,
        "accountTokens": done.account_tokens,
        "begunLogIns": done.begun_log_ins,
        "idempotencyKeys": done.idempotency_keys,
        "jobs": done.jobs,
        "mailBodies": done.mail_bodies,
        "firstNotices": done.first_notices,
        "lastNotices": done.last_notices,
        "closedAccounts": done.closed_accounts,
        "keptAccounts": done.kept_accounts,
    });
    let transaction = begin_write(&ctx.app.store).await?;
    audit::record(
        ctx,
        &*transaction,
        "retention.ran",
        ("retention", None),
        counts,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
