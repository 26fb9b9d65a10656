//! Unlinking an identity provider's account: with the password, in a session that has shown the second factor where there is
//! one. Sessions that were opened by it go on, as do those of a password that was changed elsewhere.

use entity::id::IdentityId;
use entity::{account, identity};
use matcher::mail::FactorChange;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use secrecy::SecretString;

use super::super::{load, load_locked, second_factor, wrong_password};
use super::record;
use crate::actor::Person;
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Which one, and the password.
#[derive(Clone, Debug)]
pub struct Input {
    /// The provider's account.
    pub id: IdentityId,
    /// The password in use.
    pub password: SecretString,
}

/// Unlinks it. Nobody logs in by it any more.
///
/// # Errors
/// A violation when the password is wrong; [`DomainError::NotFound`] when the actor has no such one, whoever else may;
/// [`DomainError::SecondFactorRequired`] while the session has not shown the factor.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let person = second_factor::begin(ctx).await?;
    let app = &ctx.app;
    let account = load(&app.store.connection, person.account_id).await?;
    let hash = account.password_hash.as_deref();
    if !app.hasher.verify(&input.password, hash).await? {
        return Err(wrong_password("password"));
    }
    retrying(|| remove(ctx, person, &account, input.id)).await
}

/// Unlinks it from an account whose password was verified.
async fn remove(
    ctx: &Context,
    person: &Person,
    verified: &account::Model,
    id: IdentityId,
) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = load_locked(&*transaction, verified.id).await?;
    // Looked at again: the password was changed meanwhile.
    if account.password_hash != verified.password_hash {
        return Err(wrong_password("password"));
    }
    second_factor::require_shown(&*transaction, person).await?;
    let removed = identity::Entity::delete_many()
        .filter(identity::COLUMN.id.eq(id))
        .filter(identity::COLUMN.account_id.eq(account.id))
        .exec(&*transaction)
        .await?;
    if removed.rows_affected != 1 {
        return Err(DomainError::NotFound);
    }
    let change = FactorChange::IdentityUnlinked;
    record(
        ctx,
        &transaction,
        &account,
        "account.identity_unlinked",
        change,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
