//! Having oneself erased. It takes the password and the address, typed in once more, and cannot be taken back.

use entity::personal::Personal;
use secrecy::SecretString;

use super::erase::{confirm, request};
use super::{load, wrong_password};
use crate::context::Context;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::{begin_write, retrying};

/// The proof that it is meant.
#[derive(Clone, Debug)]
pub struct Input {
    /// The password in use.
    pub password: SecretString,
    /// The account's mail address once more.
    pub email: Personal,
}

/// Shuts the actor's account at once and queues its erasure.
///
/// # Errors
/// Violations: a wrong password, another address, the only owner of an organization, the only administrator.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::EraseOwn, person.account_id).require()?;
    let limiter = &ctx.app.limiter;
    limiter.check_client(Operation::LogIn, ctx.client).await?;
    let account = load(&ctx.app.store.connection, person.account_id).await?;
    let hash = account.password_hash.as_deref();
    if !ctx.app.hasher.verify(&input.password, hash).await? {
        return Err(wrong_password("password"));
    }
    confirm(&account, &input.email)?;
    // Only this part is tried again when a concurrent transaction was in the way: the password was looked at.
    retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        request(ctx, &*transaction, person.account_id).await?;
        transaction.commit().await?;
        Ok(())
    })
    .await
}
