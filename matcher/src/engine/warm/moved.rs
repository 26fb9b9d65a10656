//! What a change did to the choice, told by ids.

use std::collections::BTreeMap;

use crate::engine::assign::{Difference, Edge};
use crate::model::{BasisPoints, RoleId, VolunteerId};

/// A pair that came or went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MovedPair {
    /// The role.
    pub role: RoleId,
    /// The volunteer.
    pub volunteer: VolunteerId,
    /// Its score; of a pair that went, the one it had.
    pub score: BasisPoints,
}

/// What a change did to the choice. A pair that stays at another score is in both lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// Pairs chosen that were not, by role and volunteer.
    pub came: Vec<MovedPair>,
    /// Pairs not chosen any more, by role and volunteer.
    pub went: Vec<MovedPair>,
}

/// What several steps did together: what came and went again is neither.
#[derive(Debug, Default)]
pub(super) struct Balance(BTreeMap<Edge, i32>);

impl Balance {
    /// One step more.
    pub(super) fn add(&mut self, difference: Difference) {
        for edge in difference.chosen {
            *self.0.entry(edge).or_default() += 1;
        }
        for edge in difference.given_up {
            *self.0.entry(edge).or_default() -= 1;
        }
    }

    /// The pairs that came (1) or went (-1), by their numbers.
    pub(super) fn with(&self, sign: i32) -> impl Iterator<Item = &Edge> {
        let pairs = self.0.iter().filter(move |(_, balance)| **balance == sign);
        pairs.map(|(edge, _)| edge)
    }
}
