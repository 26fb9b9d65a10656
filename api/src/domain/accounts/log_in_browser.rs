//! Logging in with a browser: as everywhere, but the session is held by a cookie. The one that the browser held before ends.

use entity::account;
use entity::session::SessionEndReason;

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
        if let Some(secret) = before
            && let Some((held, _)) = browser_cookie::find(&*transaction, secret).await?
        {
            let reason = SessionEndReason::LoggedOut;
            session::end(&*transaction, held.id, reason, ctx.now()).await?;
        }
        let cookie = session::open_in_browser(ctx, &*transaction, &account).await?;
        transaction.commit().await?;
        Ok((account, cookie))
    })
    .await
}
