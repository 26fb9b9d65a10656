//! The marketplace's server: use cases over the database, a GraphQL API, pages behind mail links, and background jobs.
//!
//! A request runs: `http` → token → [`actor`] → document guard → `graphql` → `domain::…::run` → payload.
//! Rules and authorization live in `domain` and [`policy`] only; `graphql` alone names async-graphql, `http` alone
//! names status codes, [`config`] alone reads the environment.

pub mod actor;
pub mod app;
pub mod clock;
pub mod command;
pub mod config;
pub mod context;
pub mod credentials;
pub mod demo;
pub mod domain;
pub mod error;
pub mod graphql;
pub mod http;
#[cfg(feature = "oidc")]
pub mod identity_provider;
pub mod jobs;
pub mod limiter;
pub mod outbox;
pub mod policy;
pub mod random;
pub mod server;
pub mod store;
pub mod validation;
