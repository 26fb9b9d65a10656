//! The identity provider with whose accounts people may log in, for pages that offer it.

use async_graphql::{Context, Object, Result};

use crate::graphql::context::RequestExt as _;

#[derive(Default)]
pub(super) struct IdentityQuery;

#[Object]
impl IdentityQuery {
    /// What people call the identity provider with whose accounts they may log in, at `/sign-in/oidc`, in the language of the
    /// request; null where there is none.
    async fn identity_provider_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let request = ctx.request()?;
        let provider = request.app.identity_provider.as_ref();
        Ok(provider.map(|it| it.config.name.in_language(request.language).to_owned()))
    }
}
