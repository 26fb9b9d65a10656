//! The page on which developers try the API, served in development only. It loads GraphiQL from a
//! public network, so it must not be part of what production serves.

use async_graphql::http::GraphiQLSource;

/// The page, for an API whose every transport is at `endpoint`.
pub fn page(endpoint: &str) -> String {
    GraphiQLSource::build()
        .endpoint(endpoint)
        .subscription_endpoint(endpoint)
        .title("Civic Tech Marketplace: GraphiQL")
        .finish()
}
