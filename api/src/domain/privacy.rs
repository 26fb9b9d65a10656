//! What is held of people: one list of it, the copy that everybody may have of their own, and erasure.
//!
//! Export and erasure do what the [`inventory`] says, column by column, so that neither can forget what the other knows.

pub mod erase;
pub mod export;
pub mod inventory;
pub mod mails;
pub mod sealed_address;
pub mod suppressions;
mod words;
