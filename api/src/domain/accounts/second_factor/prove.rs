//! Showing the second factor in a session. It counts until the session ends. A browser's cookie is renewed by it: a copy that
//! somebody took before stays what it was, and is of no use any more.

use super::{begin_with, count_codes, load_confirmed, take};
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::session::{self, Cookie};
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::{begin_write, retrying};

/// Takes a code of the app or a recovery code in the session of a program.
///
/// # Errors
/// Violations: the code is not good, there is no factor, or the session is a browser's.
pub async fn run(ctx: &Context, code: &str) -> Result<(), DomainError> {
    let held = session::load(&ctx.app.store.connection, ctx.person()?.session_id).await?;
    if held.cookie_hash.is_some() {
        return Err(elsewhere());
    }
    let person = begin_with(ctx, code).await?;
    retrying(|| prove(ctx, person, code)).await?;
    Ok(())
}

/// The same in the session of a browser, which gets a new cookie.
///
/// # Errors
/// Violations: the code is not good, or there is no factor.
pub async fn run_in_browser(ctx: &Context, code: &str) -> Result<Cookie, DomainError> {
    let person = begin_with(ctx, code).await?;
    let cookie = retrying(|| prove(ctx, person, code)).await?;
    cookie.ok_or(DomainError::Unauthenticated)
}

/// Takes the code of an actor who may try.
async fn prove(ctx: &Context, person: &Person, code: &str) -> Result<Option<Cookie>, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (account, factor) = load_confirmed(&transaction, person.account_id).await?;
    let shown = take(ctx, &transaction, &factor, code).await?;
    session::mark_factor_shown(&*transaction, person.session_id, ctx.now()).await?;
    let held = session::load(&*transaction, person.session_id).await?;
    let cookie = session::renew_cookie(ctx, &*transaction, &held).await?;
    let left = count_codes(&*transaction, account.id).await?;
    let subject = ("account", Some(account.id.uuid()));
    let detail = serde_json::json!({ "by": shown.as_str(), "recovery_codes_left": left });
    let action = "account.second_factor_proven";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    transaction.commit().await?;
    Ok(cookie)
}

fn elsewhere() -> DomainError {
    Violation::new(
        Code::WrongState,
        "",
        "A browser shows it at POST /session/factor, which renews its cookie.",
        "Un navigateur le présente à POST /session/factor, qui renouvelle son témoin.",
    )
    .into()
}
