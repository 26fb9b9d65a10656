//! Taking a passkey away, such as that of a lost device: with the password, in a session that has shown the second factor.
//! Whoever has the password alone cannot put a factor of their own in its place.

use entity::id::PasskeyId;
use entity::{account, passkey};
use matcher::mail::FactorChange;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use secrecy::SecretString;

use super::super::{load_locked, second_factor, wrong_password};
use super::record;
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::session;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Which passkey, and the password.
#[derive(Clone, Debug)]
pub struct Input {
    /// The passkey.
    pub id: PasskeyId,
    /// The password in use.
    pub password: SecretString,
}

/// Takes the passkey away. No session counts as having shown a second factor any more.
///
/// # Errors
/// A violation when the password is wrong; [`DomainError::NotFound`] when the actor has no such passkey, whoever else may;
/// [`DomainError::SecondFactorRequired`] while the session has shown none.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let person = second_factor::begin(ctx).await?;
    let app = &ctx.app;
    let account = super::super::load(&app.store.connection, person.account_id).await?;
    let hash = account.password_hash.as_deref();
    if !app.hasher.verify(&input.password, hash).await? {
        return Err(wrong_password("password"));
    }
    retrying(|| remove(ctx, person, &account, input.id)).await
}

/// Takes it away from an account whose password was verified.
async fn remove(
    ctx: &Context,
    person: &Person,
    verified: &account::Model,
    id: PasskeyId,
) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, verified.id).await?;
    // Looked at again: the password was changed meanwhile.
    if account.password_hash != verified.password_hash {
        return Err(wrong_password("password"));
    }
    second_factor::require_shown(&*transaction, person).await?;
    let removed = passkey::Entity::delete_many()
        .filter(passkey::COLUMN.id.eq(id))
        .filter(passkey::COLUMN.account_id.eq(account.id))
        .exec(&*transaction)
        .await?;
    if removed.rows_affected != 1 {
        return Err(DomainError::NotFound);
    }
    session::forget_factor(&*transaction, account.id).await?;
    let (action, change) = ("account.passkey_removed", FactorChange::PasskeyRemoved);
    record(ctx, &transaction, &account, action, change).await?;
    transaction.commit().await?;
    Ok(())
}
