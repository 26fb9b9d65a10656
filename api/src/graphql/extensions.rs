//! Extensions of the schema: what stands around every operation, on every transport.
//!
//! They bound, refuse and complete; no rule of the domain and no permission lives here.

pub mod completion;
pub mod document_guard;
pub mod idempotency;
pub mod limits;
pub mod reads;

pub use completion::Completion;
pub use document_guard::DocumentGuard;
pub use idempotency::Idempotency;
pub use limits::OperationLimits;
pub use reads::ReadsRecorded;

use async_graphql::ServerError;

/// The code of a document that is not GraphQL.
const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";

/// The code of a document that does not fit the schema.
const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";

/// `error` with `code` in its `extensions`, where programs look for it.
pub(super) fn coded(mut error: ServerError, code: &'static str) -> ServerError {
    error.extensions.get_or_insert_default().set("code", code);
    error
}
