//! An answer for whoever must not wait for a round: everybody chosen for at once, not as well as possible.

use super::candidates::Candidates;
use super::round::{Pairing, Progress, RefusedPin, RoundOptions, by_role, explained, positions};
use super::seats::Seats;
use crate::model::{Snapshot, Weights};

/// A choice for everybody that is **not the greatest total**.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quick {
    /// The chosen pairs, by role, best first; pins are among them.
    pub pairings: Vec<Pairing>,
    /// Pins that could not be kept.
    pub refused_pins: Vec<RefusedPin>,
}

/// Keeps the pins, then takes the best pair again and again while seats, room and hours last. No proof, no account. Where
/// nobody's hours bind, its scores are at least half of the greatest sum of scores; the bonus of first suggestions does not
/// enter.
pub fn quick_pairings(
    snapshot: &Snapshot,
    weights: &Weights,
    options: &RoundOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Quick {
    let candidates = Candidates::new(snapshot, weights);
    let index = candidates.index();
    let eligible = candidates.all(&|done, of| progress(Progress::Scored { done, of }));
    let mut seats = Seats::new(index, options);
    let (pinned, refused_pins) = seats.keep_pins(index, snapshot);
    let chosen = seats.give_at_once(index, &eligible, &pinned);
    let positions = positions(&pinned, &chosen);
    let explained = explained(index, snapshot, &positions, pinned.len());
    Quick {
        pairings: by_role(explained),
        refused_pins,
    }
}
