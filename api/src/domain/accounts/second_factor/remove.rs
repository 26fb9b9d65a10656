//! Taking one's second factor away, with the password and a code: neither a stolen session nor a stolen phone suffices.

use entity::account;
use matcher::mail::FactorChange;
use secrecy::SecretString;

use super::super::wrong_password;
use super::{begin_with, delete, load_confirmed, take, tell};
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// The password and a code.
#[derive(Clone, Debug)]
pub struct Input {
    /// The password in use.
    pub password: SecretString,
    /// A code of the app or a recovery code.
    pub code: String,
}

/// Takes the factor away. No session counts as having shown it any more.
///
/// # Errors
/// Violations: the password or the code is not good, or there is no factor.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let person = begin_with(ctx, &input.code).await?;
    let app = &ctx.app;
    let account = super::super::load(&app.store.connection, person.account_id).await?;
    let hash = account.password_hash.as_deref();
    if !app.hasher.verify(&input.password, hash).await? {
        return Err(wrong_password("password"));
    }
    retrying(|| remove(ctx, &account, &input.code)).await
}

/// Takes the factor of an account away whose password was verified.
async fn remove(ctx: &Context, verified: &account::Model, code: &str) -> Result<(), DomainError> {
    let app = &ctx.app;
    let transaction = begin_write(&app.store).await?;
    let (account, factor) = load_confirmed(&transaction, verified.id).await?;
    // Looked at again: the password was changed meanwhile.
    if account.password_hash != verified.password_hash {
        return Err(wrong_password("password"));
    }
    let shown = take(ctx, &transaction, &factor, code).await?;
    delete(&transaction, account.id).await?;
    let subject = ("account", Some(account.id.uuid()));
    let detail = serde_json::json!({ "by": shown.as_str() });
    let action = "account.second_factor_removed";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    tell(app, &transaction, &account, FactorChange::Removed).await?;
    transaction.commit().await?;
    Ok(())
}
