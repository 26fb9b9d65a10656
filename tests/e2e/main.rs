//! End-to-end tests: one binary, one module per concern.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accounts;
mod architecture;
mod catalog;
mod configuration;
mod constraints;
mod demo;
mod edge;
mod entities;
mod matching;
mod migrations;
mod pairings;
mod taxonomy;
mod volunteers;
