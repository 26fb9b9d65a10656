//! Erasure.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::personal::Personal;

use crate::domain::accounts::{erase, erase_own};
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct ErasureMutation;

#[Object]
impl ErasureMutation {
    /// Erases the logged-in account and everything that is held of its owner, for good. The account is shut at once; within
    /// minutes its pairings end, seats are freed, the other sides are told, and a last mail says that it is done. Whoever is
    /// the only owner of an organization hands over first, or withdraws it.
    async fn erase_my_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proof that it is meant.")] input: EraseMyAccountInput,
    ) -> Result<EraseMyAccountPayload> {
        let request = ctx.request()?;
        let input = erase_own::Input {
            password: input.password.into(),
            email: Personal::new(input.email),
        };
        // It tries again by itself, after the password was looked at.
        let (done, user_errors) = split(request, erase_own::run(request, &input).await)?;
        Ok(EraseMyAccountPayload {
            is_accepted: done.is_some(),
            user_errors,
        })
    }

    /// Erases somebody who asked for it in writing, as `eraseMyAccount` does; for administrators.
    async fn erase_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and the proof that it is meant.")] input: EraseAccountInput,
    ) -> Result<EraseAccountPayload> {
        let request = ctx.request()?;
        let outcome = match decode(&input.account_id, "accountId") {
            Ok(account_id) => {
                let input = erase::Input {
                    account_id,
                    email: Personal::new(input.email),
                };
                retrying(|| erase::run(request, &input)).await
            }
            Err(violation) => Err(DomainError::from(violation)),
        };
        let (done, user_errors) = split(request, outcome)?;
        Ok(EraseAccountPayload {
            is_accepted: done.is_some(),
            user_errors,
        })
    }
}

/// The proof that one means to be erased.
#[derive(InputObject)]
struct EraseMyAccountInput {
    /// The password in use.
    #[graphql(secret)]
    password: String,
    /// The account's mail address, typed in once more.
    email: String,
}

/// The outcome of asking to be erased.
#[derive(SimpleObject)]
struct EraseMyAccountPayload {
    /// Whether the account is shut now and its erasure under way.
    is_accepted: bool,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// Whom to erase.
#[derive(InputObject)]
struct EraseAccountInput {
    /// The account.
    account_id: ID,
    /// Its mail address, typed in once more: no slip of an id erases another.
    email: String,
}

/// The outcome of having somebody erased.
#[derive(SimpleObject)]
struct EraseAccountPayload {
    /// Whether the account is shut now and its erasure under way, or was done before.
    is_accepted: bool,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
