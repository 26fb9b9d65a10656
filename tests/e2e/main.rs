//! End-to-end tests: one binary, one module per concern.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accounts;
mod architecture;
mod audit;
mod authorization;
mod calendars;
mod catalog;
mod configuration;
mod constraints;
mod demo;
mod drills;
mod edge;
mod entities;
mod follow_ups;
mod fuzzed;
mod guards;
mod incidents;
mod jobs;
mod journey;
mod mail_previews;
mod mail_reports;
mod matching;
mod migrations;
mod n_plus_one;
mod organizations;
mod pages;
mod pairings;
mod personal_reads;
mod privacy;
mod projects;
mod readme;
mod roles;
mod schema;
mod signatures;
mod taxonomy;
mod volunteers;
mod worklist;
