//! One's passkeys, so that their owner can tell which are not theirs any more.

use entity::passkey;

use super::of_account;
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};

/// The actor's passkeys, the oldest first.
pub async fn run(ctx: &Context) -> Result<Vec<passkey::Model>, DomainError> {
    let person = ctx.person()?;
    let action = AccountAction::ManageSecondFactor;
    decide(&ctx.actor, action, person.account_id).require()?;
    of_account(&ctx.app.store.connection, person.account_id).await
}
