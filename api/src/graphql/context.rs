//! What resolvers reach through async-graphql's context.

use async_graphql::{Context as GraphqlContext, Result};

use super::loaders::Loaders;
use crate::context::Context;

/// Access to the request's own context and loaders.
pub trait RequestExt {
    /// Actor, app, language, request id.
    fn request(&self) -> Result<&Context>;
    /// Batched reads, made for this request.
    fn loaders(&self) -> Result<&Loaders>;
}

impl RequestExt for GraphqlContext<'_> {
    fn request(&self) -> Result<&Context> {
        self.data::<Context>()
    }

    fn loaders(&self) -> Result<&Loaders> {
        self.data::<Loaders>()
    }
}
