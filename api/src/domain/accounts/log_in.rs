//! Logging in with address and password. Unknown address and wrong password look and last the same.

use entity::account;
use entity::personal::Personal;
use sea_orm::{ActiveModelTrait as _, Set};
use secrecy::SecretString;

use super::{email, is_admitted, load_locked};
use crate::context::Context;
use crate::credentials::session::{self, Tokens};
use crate::error::{Code, DomainError, Violation};
use crate::limiter::Operation;
use crate::store::transaction::{WriteTransaction, begin_write, retrying};

/// Address and password.
#[derive(Clone, Debug)]
pub struct Input {
    /// Mail address.
    pub email: Personal,
    /// Password.
    pub password: SecretString,
}

/// An account whose address and password were given.
pub(super) struct Admitted {
    account: account::Model,
    /// Its hash anew: the old one cost less than one of today.
    renewed: Option<String>,
}

/// Opens a session of a program.
pub async fn run(ctx: &Context, input: &Input) -> Result<(account::Model, Tokens), DomainError> {
    let admitted = admit(ctx, input).await?;
    // Only this part is tried again when a concurrent transaction was in the way: the try is counted, and the work done.
    retrying(|| async {
        let (transaction, account) = admitted.begin(ctx).await?;
        let tokens = session::open(ctx, &*transaction, &account, None).await?;
        transaction.commit().await?;
        Ok((account, tokens))
    })
    .await
}

/// Counts the try and looks whose address and password these are.
pub(super) async fn admit(ctx: &Context, input: &Input) -> Result<Admitted, DomainError> {
    let limiter = &ctx.app.limiter;
    limiter.check_client(Operation::LogIn, ctx.client).await?;
    let account = email::find_account(&ctx.app.store.connection, &input.email).await?;
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let is_right = ctx.app.hasher.verify(&input.password, hash).await?;
    let account = account
        .filter(|account| is_right && is_admitted(account))
        .ok_or_else(wrong_credentials)?;
    // A hash of a lower cost than today's is renewed now, the only time when the password is at hand.
    let renewed = match account.password_hash.as_deref() {
        Some(hash) if ctx.app.hasher.is_outdated(hash) => {
            Some(ctx.app.hasher.hash(&input.password).await?)
        }
        _ => None,
    };
    Ok(Admitted { account, renewed })
}

impl Admitted {
    /// Begins the transaction in which a session is opened, with the account locked and its hash stored anew if need be.
    pub(super) async fn begin(
        &self,
        ctx: &Context,
    ) -> Result<(WriteTransaction, account::Model), DomainError> {
        let transaction = begin_write(&ctx.app.store).await?;
        let mut account = load_locked(&*transaction, self.account.id).await?;
        // Looked at again: a password that was changed meanwhile opens nothing any more.
        if account.password_hash != self.account.password_hash || !is_admitted(&account) {
            return Err(wrong_credentials());
        }
        if let Some(hash) = &self.renewed {
            account = account::ActiveModel {
                password_hash: Set(Some(hash.clone())),
                ..account.into()
            }
            .update(&*transaction)
            .await?;
        }
        Ok((transaction, account))
    }
}

fn wrong_credentials() -> DomainError {
    Violation::new(
        Code::WrongCredentials,
        "",
        "Mail address and password do not match an account.",
        "L’adresse courriel et le mot de passe ne correspondent à aucun compte.",
    )
    .into()
}
