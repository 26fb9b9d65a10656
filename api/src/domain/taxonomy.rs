//! The concepts people and roles are described by: skills, causes, role families. Never free strings.

mod data;
pub mod fold;
pub mod list;
pub mod rank;
pub mod resolve;
pub mod search;
pub mod seed;

pub use data::{Place, places};
