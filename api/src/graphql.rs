//! The GraphQL API: decode, call a use case, wrap. No rule lives here, and only this module names async-graphql.

pub mod context;
pub mod endpoint;
pub mod error;
pub mod extensions;
pub mod id;
pub mod loaders;
pub mod mutation;
pub mod page;
pub mod query;
pub mod reads;
pub mod schema;
pub mod subscription;
pub mod trusted_documents;
pub mod types;
