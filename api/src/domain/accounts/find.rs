//! Finding an account by its mail address, for those who administer accounts.

use entity::account;
use entity::id::AccountId;
use entity::personal::Personal;
use uuid::Uuid;

use super::email;
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};

/// The account with this address.
///
/// # Errors
/// [`DomainError::NotFound`] when there is none. Who may not look hears the same of every address.
pub async fn run(ctx: &Context, email: &Personal) -> Result<account::Model, DomainError> {
    let nobody = AccountId::new(Uuid::nil());
    decide(&ctx.actor, AccountAction::LookUp, nobody).require()?;
    email::find_account(&ctx.app.store.connection, email)
        .await?
        .ok_or(DomainError::NotFound)
}
