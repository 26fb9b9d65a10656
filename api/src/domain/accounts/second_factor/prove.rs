//! Showing the second factor in a session. It counts until the session ends.

use super::{begin, count_codes, load_confirmed, take};
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Takes a code of the app or a recovery code.
///
/// # Errors
/// Violations: the code is not good, or there is no factor.
pub async fn run(ctx: &Context, code: &str) -> Result<(), DomainError> {
    let person = begin(ctx).await?;
    retrying(|| prove(ctx, person, code)).await
}

/// Takes the code of an actor who may try.
async fn prove(ctx: &Context, person: &Person, code: &str) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (account, factor) = load_confirmed(&transaction, person.account_id).await?;
    let shown = take(ctx, &transaction, &factor, code).await?;
    session::mark_factor_shown(&*transaction, person.session_id, ctx.now()).await?;
    let left = count_codes(&*transaction, account.id).await?;
    let subject = ("account", Some(account.id.uuid()));
    let detail = serde_json::json!({ "by": shown.as_str(), "recovery_codes_left": left });
    let action = "account.second_factor_proven";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    transaction.commit().await?;
    Ok(())
}
