//! Accounts of identity providers: unlinking one. Linking and logging in are pages, since people go to the provider and back.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::domain::accounts::identities::unlink;
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;

#[derive(Default)]
pub(super) struct IdentityMutation;

#[Object]
impl IdentityMutation {
    /// Unlinks an account of an identity provider, with the password. A session whose account has a second factor shows that
    /// first.
    async fn unlink_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and the password.")] input: UnlinkIdentityInput,
    ) -> Result<UnlinkIdentityPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = unlink::Input {
                id: decode(&input.identity_id, "identityId").map_err(DomainError::from)?,
                password: input.password.into(),
            };
            unlink::run(request, &input).await
        };
        let (_, user_errors) = split(request, outcome.await)?;
        Ok(UnlinkIdentityPayload { user_errors })
    }
}

/// Which one to unlink.
#[derive(InputObject)]
struct UnlinkIdentityInput {
    /// The provider's account, from `viewer.identities`.
    identity_id: ID,
    /// The password in use.
    #[graphql(secret)]
    password: String,
}

/// The outcome of unlinking.
#[derive(SimpleObject)]
struct UnlinkIdentityPayload {
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
