//! Logging in with a browser: as everywhere, but the session is held by a cookie. The one that the browser held before ends.

use chrono::{DateTime, Utc};
use entity::account;
use entity::session::SessionEndReason;
use sea_orm::ConnectionTrait;

use super::log_in::{Input, admit};
use crate::context::Context;
use crate::credentials::session::Cookie;
use crate::credentials::{browser_cookie, session};
use crate::error::DomainError;
use crate::store::transaction::retrying;

/// Opens a session of a browser that held the cookie `before`, if any.
pub async fn run(
    ctx: &Context,
    input: &Input,
    before: Option<&str>,
) -> Result<(account::Model, Cookie), DomainError> {
    let admitted = admit(ctx, input).await?;
    retrying(|| async {
        let (transaction, account) = admitted.begin(ctx).await?;
        let cookie = open(ctx, &*transaction, &account, before, None).await?;
        transaction.commit().await?;
        Ok((account, cookie))
    })
    .await
}

/// Opens a session in the place of the one that the browser held by the cookie `before`, if any. `factor_at` is when whoever
/// logs in showed a second factor with it.
pub(super) async fn open(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
    before: Option<&str>,
    factor_at: Option<DateTime<Utc>>,
) -> Result<Cookie, DomainError> {
    if let Some(secret) = before
        && let Some((held, _)) = browser_cookie::find(transaction, secret).await?
    {
        let reason = SessionEndReason::LoggedOut;
        session::end(transaction, held.id, reason, ctx.now()).await?;
    }
    session::open_in_browser(ctx, transaction, account, factor_at).await
}
