//! What resolvers reach through async-graphql's context.

use async_graphql::{Context as GraphqlContext, Result};

use super::loaders::Loaders;
use super::reads::Reads;
use crate::context::Context;
use crate::domain::personal_reads::Look;

/// Access to the request's own context and loaders.
pub trait RequestExt {
    /// Actor, app, language, request id.
    fn request(&self) -> Result<&Context>;
    /// Batched reads, made for this request.
    fn loaders(&self) -> Result<&Loaders>;
    /// What the answer tells of other people, noted before it does.
    fn reads(&self) -> Result<&Reads>;
    /// Adds to them.
    fn note(&self, look: Look) -> Result<()>;
}

impl RequestExt for GraphqlContext<'_> {
    fn request(&self) -> Result<&Context> {
        self.data::<Context>()
    }

    fn loaders(&self) -> Result<&Loaders> {
        self.data::<Loaders>()
    }

    fn reads(&self) -> Result<&Reads> {
        self.data::<Reads>()
    }

    fn note(&self, look: Look) -> Result<()> {
        self.reads()?.note(self.request()?, look);
        Ok(())
    }
}
