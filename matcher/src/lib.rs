//! Scores skill and availability fit, assigns volunteers to roles globally, explains every pairing, and e-mails
//! the suggested pairings.
//!
//! `program` is the command line over files.
//!
//! This crate depends on no other crate of the workspace. `engine` and `learning` are pure: no `async`, no clock, no
//! input or output.

pub mod engine;
pub mod learning;
pub mod mail;
pub mod model;
pub mod program;
