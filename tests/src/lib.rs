//! What end-to-end tests stand on: databases of their own, on SQLite and on PostgreSQL.
//!
//! Nothing here is used by the server. Functions panic when the ground is missing, with what to do about
//! it: a test that cannot run must fail, never be skipped.

pub mod app;
pub mod client;
pub mod database;
pub mod listing;
pub mod mail;
pub mod postgres;
mod run;
