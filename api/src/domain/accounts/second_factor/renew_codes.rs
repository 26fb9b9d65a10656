//! New recovery codes in the place of the old ones: they are used up, or somebody may have seen them.

use matcher::mail::FactorChange;

use super::{begin_with, load_confirmed, replace_codes, take, tell};
use crate::actor::Person;
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Takes a code, of the app or of the old ones, and returns ten new ones. The others are of no use any more.
///
/// # Errors
/// Violations: the code is not good, or there is no factor.
pub async fn run(ctx: &Context, code: &str) -> Result<Vec<String>, DomainError> {
    let person = begin_with(ctx, code).await?;
    retrying(|| renew(ctx, person, code)).await
}

/// Takes the code of an actor who may try, and makes new ones.
async fn renew(ctx: &Context, person: &Person, code: &str) -> Result<Vec<String>, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (account, factor) = load_confirmed(&transaction, person.account_id).await?;
    let shown = take(ctx, &transaction, &factor, code).await?;
    let codes = replace_codes(ctx, &transaction, account.id).await?;
    let subject = ("account", Some(account.id.uuid()));
    let detail = serde_json::json!({ "by": shown.as_str() });
    let action = "account.recovery_codes_renewed";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    tell(&ctx.app, &transaction, &account, FactorChange::CodesRenewed).await?;
    transaction.commit().await?;
    Ok(codes)
}
