//! What is left of one role or volunteer: how many are eligible, what keeps the others out, and who is nearest.

use std::cmp::Reverse;

use super::super::gate::GateCounts;
use crate::model::BasisPoints;

/// Closed gates, score, and the position of the counterpart: fewest gates first, then the best score, ties by id.
pub(super) type Near = (usize, Reverse<BasisPoints>, usize);

/// The nearest so far, in order.
#[derive(Debug, Clone)]
pub(super) struct NearestFew {
    most: usize,
    list: Vec<Near>,
}

impl NearestFew {
    /// Of which so many are wanted.
    pub(super) const fn new(most: usize) -> Self {
        Self {
            most,
            list: Vec::new(),
        }
    }

    /// Whether a pair with so many closed gates may be among them: only such a pair needs to be scored.
    pub(super) fn wants(&self, gates: usize) -> bool {
        let last = self.list.last().map_or(0, |(gates, ..)| *gates);
        self.list.len() < self.most || (self.most > 0 && gates <= last)
    }

    /// Takes a pair if it is among them.
    pub(super) fn offer(&mut self, near: Near) {
        let place = self.list.partition_point(|other| *other <= near);
        self.list.insert(place, near);
        self.list.truncate(self.most);
    }

    pub(super) fn into_list(self) -> Vec<Near> {
        self.list
    }
}

/// What keeps the pairs of one role or volunteer from being chosen.
#[derive(Debug, Clone)]
pub(super) struct Left {
    /// Pairs whose gates are all open.
    pub(super) open: usize,
    pub(super) blocked_by: GateCounts,
    pub(super) nearest: NearestFew,
}

impl Left {
    pub(super) fn new(most: usize) -> Self {
        Self {
            open: 0,
            blocked_by: GateCounts::default(),
            nearest: NearestFew::new(most),
        }
    }

    /// Adds what was found among other people.
    pub(super) fn join(&mut self, other: Self) {
        self.open += other.open;
        self.blocked_by.join(&other.blocked_by);
        for near in other.nearest.into_list() {
            self.nearest.offer(near);
        }
    }
}
