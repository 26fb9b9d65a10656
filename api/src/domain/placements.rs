//! Placements: pairings that both sides accepted, from the agreed start to their end.

pub mod change;
pub mod list;
