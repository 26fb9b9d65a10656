//! HTTP: the router, the GraphQL transports, pages behind mail links, public pages, copies of one's data, health, figures. Only this
//! module names status codes.

mod actions;
pub mod admin;
pub mod browser_session;
pub mod certificate;
pub mod client_address;
mod cookie;
pub mod export;
mod failure;
pub mod graphql_over_http;
pub mod graphql_over_ws;
pub mod health;
pub mod jwks;
pub mod mail_reports;
pub mod metrics;
#[cfg(feature = "oidc")]
pub mod oidc_session;
mod origin;
mod pages;
#[cfg(feature = "passkeys")]
pub mod passkey_session;
pub mod request_context;
pub mod router;
mod security_headers;
mod template;
mod workbench;
