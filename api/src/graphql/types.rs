//! The API's types, one file each.

pub mod account;
pub mod language;
