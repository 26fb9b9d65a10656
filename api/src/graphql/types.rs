//! The API's types, one file each.

pub mod account;
pub mod language;
pub mod pairing;
pub mod pairing_event;
pub mod placement;
