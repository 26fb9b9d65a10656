//! Logging in with address and password. Unknown address and wrong password look and last the same.

use entity::account::{self, AccountState};
use secrecy::SecretString;

use super::email;
use crate::context::Context;
use crate::credentials::session::{self, Tokens};
use crate::error::{Code, DomainError, Violation};
use crate::limiter::Operation;
use crate::store::transaction::begin_write;

/// Address and password.
#[derive(Clone, Debug)]
pub struct Input {
    /// Mail address.
    pub email: String,
    /// Password.
    pub password: SecretString,
}

/// Opens a session.
pub async fn run(ctx: &Context, input: &Input) -> Result<(account::Model, Tokens), DomainError> {
    ctx.app.limiter.check_client(Operation::LogIn, ctx.client)?;
    let account = email::find_account(&ctx.app.store.connection, &input.email).await?;
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let is_right = ctx.app.hasher.verify(&input.password, hash).await?;
    let account = account
        .filter(|account| {
            is_right
                && matches!(
                    account.state,
                    AccountState::Unverified | AccountState::Active
                )
        })
        .ok_or_else(|| {
            Violation::new(
                Code::WrongCredentials,
                "",
                "Mail address and password do not match an account.",
                "L’adresse courriel et le mot de passe ne correspondent à aucun compte.",
            )
        })?;
    let transaction = begin_write(&ctx.app.store).await?;
    let tokens = session::open(&ctx.app, &*transaction, account.id).await?;
    transaction.commit().await?;
    Ok((account, tokens))
}
