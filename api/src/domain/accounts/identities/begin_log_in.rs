//! Beginning to log in with an identity provider's account. Nobody says who they are: the provider does.

use entity::pending_log_in::LogInPurpose;

use super::{Begun, IdentityError, pending, provider, unavailable};
use crate::context::Context;
use crate::credentials::browser_cookie;
use crate::limiter::Operation;
use crate::store::transaction::{begin_write, retrying};

/// Says where to go. `before` is the secret of the session that the browser holds, if any, which the new one takes the place of.
///
/// # Errors
/// [`IdentityError::Unavailable`] while the provider does not say where.
pub async fn run(ctx: &Context, before: Option<&str>) -> Result<Begun, IdentityError> {
    let app = &ctx.app;
    let provider = provider(app)?;
    let limiter = &app.limiter;
    limiter
        .check_client(Operation::GoToProvider, ctx.client)
        .await?;
    let address = provider.log_in_address(ctx.now()).await;
    let address = address.map_err(|error| unavailable(ctx, error))?;
    let begun = retrying(|| async {
        let transaction = begin_write(&app.store).await?;
        let held = match before {
            Some(secret) => browser_cookie::find(&*transaction, secret).await?,
            None => None,
        };
        let held = held.map(|(session, _)| (session.account_id, session.id));
        let begun = pending::add(ctx, &*transaction, LogInPurpose::LogIn, held, &address).await?;
        transaction.commit().await?;
        Ok(begun)
    })
    .await?;
    Ok(begun)
}
