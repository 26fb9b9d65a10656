//! The schema, as the server serves it and as `schema.graphql` prints it.

use async_graphql::Schema;

use super::extensions::{Completion, DocumentGuard, Idempotency, OperationLimits, ReadsRecorded};
use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscription;

/// The marketplace's schema.
pub type MarketplaceSchema = Schema<Query, Mutation, Subscription>;

/// Builds the schema. The request's [`Context`](crate::context::Context) and loaders are added to each request.
pub fn build() -> MarketplaceSchema {
    Schema::build(Query::default(), Mutation::default(), Subscription)
        .extension(DocumentGuard::default())
        .extension(OperationLimits::default())
        .extension(Idempotency)
        .extension(ReadsRecorded)
        .extension(Completion)
        .finish()
}

/// The schema in the Schema Definition Language: the content of `schema.graphql`.
pub fn print() -> String {
    build().sdl_with_options(
        async_graphql::SDLExportOptions::new()
            .sorted_fields()
            .sorted_arguments()
            .sorted_enum_items(),
    )
}
