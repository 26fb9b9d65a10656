//! What end-to-end tests stand on: databases of their own, on SQLite and on PostgreSQL.
//!
//! Nothing here is used by the server. Functions panic when the ground is missing, with what to do about
//! it: a test that cannot run must fail, never be skipped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "what tests stand on fails by panicking"
)]

pub mod app;
pub mod authenticator;
pub mod bombs;
pub mod browser;
pub mod client;
pub mod database;
pub mod drill;
pub mod listing;
pub mod mail;
#[cfg(feature = "passkeys")]
pub mod passkey;
pub mod postfix;
pub mod postgres;
pub mod program;
#[cfg(feature = "oidc")]
pub mod provider;
pub mod proxy;
pub mod relay;
pub mod row;
mod run;
pub mod settable_clock;
pub mod socket;
