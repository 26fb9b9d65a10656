//! One run of the matcher over a snapshot: every pair is looked at, the best total is chosen, and what was not chosen is
//! accounted for on both sides.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::assign::{Edge, ProblemError};
use super::candidates::Candidates;
use super::fairness::{Fairness, fairness};
use super::fit::{self, Fit};
use super::gate::Blocked;
use super::index::Index;
use super::score::measure;
use super::seats::{Seats, Solved};
use super::unmatched::{self, Demand, UnmatchedRole, UnmatchedVolunteer};
use crate::model::{Pin, RoleId, Snapshot, VolunteerId, Weights};

/// What one run may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundOptions {
    /// Most suggestions for one volunteer in this round, beside their open placements.
    pub most_per_volunteer: Option<u32>,
    /// Nearest pairs reported for each role and volunteer with nothing.
    pub nearest: usize,
}

impl Default for RoundOptions {
    fn default() -> Self {
        Self {
            most_per_volunteer: None,
            nearest: 3,
        }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Roles scored against all volunteers, of all roles.
    Scored {
        /// Roles done.
        done: usize,
        /// Roles in all.
        of: usize,
    },
    /// The assignment is one step: none of the roles at its begin, all at its end.
    Assigned {
        /// Roles done.
        done: usize,
        /// Roles in all.
        of: usize,
    },
    /// Volunteers of whom it is known what each gate keeps from them, of all volunteers.
    Accounted {
        /// Volunteers done.
        done: usize,
        /// Volunteers in all.
        of: usize,
    },
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Version of the engine.
    pub engine_version: String,
    /// Version of the weights, by name.
    pub weights_version: String,
    /// Identity of the weights, by content.
    pub weights_fingerprint: String,
    /// Identity of the snapshot, by content.
    pub snapshot_fingerprint: String,
    /// What the run might do.
    pub options: RoundOptions,
    /// The chosen pairs, by role, best first.
    pub pairings: Vec<Pairing>,
    /// Pins that could not be kept.
    pub refused_pins: Vec<RefusedPin>,
    /// Open roles with fewer suggestions than wanted.
    pub unmatched_roles: Vec<UnmatchedRole>,
    /// Volunteers with room who got none.
    pub unmatched_volunteers: Vec<UnmatchedVolunteer>,
    /// Skills that open roles must have and no available volunteer holds.
    pub demand_without_supply: Vec<Demand>,
    /// Totals.
    pub totals: Totals,
    /// How evenly the pairs are spread.
    pub fairness: Fairness,
    /// How near the total is to the greatest, with the proof.
    pub proof: Proof,
}

/// A chosen pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// Which role.
    pub role: RoleId,
    /// Which volunteer.
    pub volunteer: VolunteerId,
    /// Whether a coordinator pinned it.
    pub is_pinned: bool,
    /// Score, confidence and reasons.
    pub fit: Fit,
}

/// A pin that could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedPin {
    /// The pin.
    pub pin: Pin,
    /// Closed gates; empty when the role has all it wants, or the volunteer no room or hours left, after other pins.
    pub blocked: Vec<Blocked>,
}

/// Totals of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Volunteers in the snapshot.
    pub volunteers: usize,
    /// Roles in the snapshot.
    pub roles: usize,
    /// Pairs whose gates are all open.
    pub eligible_pairs: usize,
    /// Suggestions that open roles want.
    pub suggestions_wanted: u64,
    /// Pairs chosen.
    pub pairings: usize,
    /// Roles with at least one.
    pub roles_served: usize,
    /// Volunteers with at least one.
    pub volunteers_served: usize,
    /// Sum of the scores, in basis points, pins included.
    pub score: u64,
}

/// Prices that bound every permitted choice from above. Where `total` equals `bound`, nothing better exists; otherwise,
/// which hours alone can cause, the difference is the most that could be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Whether the prices were checked against the choice, pair by pair, and prove it optimal.
    pub is_verified: bool,
    /// Whether it holds over all eligible pairs; not where hours took rooms or pairs away before the choice was optimal.
    pub is_over_all_pairs: bool,
    /// Total of the choice, without pins: its scores, and the bonus of each role that has its first suggestion by it.
    pub total: u64,
    /// No choice within rooms and hours totals more; equal to `total` in most rounds.
    pub bound: u64,
    /// Price of one more suggestion for a role, bonus included, where it is not 0.
    pub role_prices: Vec<(RoleId, u32)>,
    /// Price of one more suggestion for a volunteer, where it is not 0.
    pub volunteer_prices: Vec<(VolunteerId, u32)>,
    /// Rooms as the proof takes them, of volunteers whose hours leave less than their placements and the round's options,
    /// pins taken out.
    pub rooms: Vec<(VolunteerId, u32)>,
    /// Pairs that the mend for hours took away: the proof is for all others, but for those that no longer fit into the hours
    /// that pins leave.
    pub left_out: Vec<(RoleId, VolunteerId)>,
    /// Prices of roles that prove the bound of a choice that was mended for hours, where they are not 0. A choice that needed no
    /// mend has none: the prices above prove it.
    pub bound_prices: Vec<(RoleId, u32)>,
}

/// Runs the matcher. Fails only where there are more pairs than the assignment can number.
pub fn round(
    snapshot: &Snapshot,
    weights: &Weights,
    options: &RoundOptions,
) -> Result<Round, ProblemError> {
    round_with_progress(snapshot, weights, options, &|_| {})
}

/// Runs the matcher and tells how far it is, from several threads.
pub fn round_with_progress(
    snapshot: &Snapshot,
    weights: &Weights,
    options: &RoundOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Round, ProblemError> {
    let candidates = Candidates::new(snapshot, weights);
    let index = candidates.index();
    let eligible = candidates.all(&|done, of| progress(Progress::Scored { done, of }));
    let choice = choose(index, &eligible, snapshot, options, progress)?;
    let account = unmatched::account(index, &eligible, &choice.positions, options, &|done, of| {
        progress(Progress::Accounted { done, of });
    });
    Ok(Round {
        engine_version: VERSION.to_owned(),
        weights_version: weights.version.clone(),
        weights_fingerprint: weights.fingerprint(),
        snapshot_fingerprint: snapshot.fingerprint(),
        options: options.clone(),
        totals: totals(index, &choice.pairings, eligible.len()),
        fairness: fairness(snapshot, &choice.pairings),
        pairings: choice.pairings,
        refused_pins: choice.refused_pins,
        unmatched_roles: account.roles,
        unmatched_volunteers: account.volunteers,
        demand_without_supply: account.demand,
        proof: proof(index, &choice.solved),
    })
}

/// The pairings of a [`round`] without its account: what would be proposed now, and nothing about who was left over.
pub fn pairings(
    snapshot: &Snapshot,
    weights: &Weights,
    options: &RoundOptions,
) -> Result<Vec<Pairing>, ProblemError> {
    let candidates = Candidates::new(snapshot, weights);
    pairings_among(
        candidates.index(),
        &candidates.all(&|_, _| {}),
        snapshot,
        options,
    )
}

/// The same from every eligible pair, found before: positions are those of the snapshot.
pub(crate) fn pairings_among(
    index: &Index<'_>,
    eligible: &[Edge],
    snapshot: &Snapshot,
    options: &RoundOptions,
) -> Result<Vec<Pairing>, ProblemError> {
    let choice = choose(index, eligible, snapshot, options, &|_| {})?;
    Ok(choice.pairings)
}

/// What a run chooses.
struct Choice {
    /// By role, best first.
    pairings: Vec<Pairing>,
    /// The same pairs as positions of role and volunteer, pins first.
    positions: Vec<(usize, usize)>,
    refused_pins: Vec<RefusedPin>,
    solved: Solved,
}

fn choose(
    index: &Index<'_>,
    eligible: &[Edge],
    snapshot: &Snapshot,
    options: &RoundOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Choice, ProblemError> {
    let mut seats = Seats::new(index, options);
    let (pinned, refused_pins) = seats.keep_pins(index, snapshot);
    let mut solved = seats.solve(index, eligible, &pinned, progress)?;

    let positions = positions(&pinned, &solved.assignment.chosen);
    let pairings = explained(index, snapshot, &positions, pinned.len());
    // The search scores from packed records; what is told is measured again by the readable score, and must be the same.
    let told = pairings.iter().skip(pinned.len()).map(score_of);
    let found = solved.assignment.chosen.iter().map(|edge| edge.score);
    solved.is_verified &= told.eq(found);
    Ok(Choice {
        pairings: by_role(pairings),
        positions,
        refused_pins,
        solved,
    })
}

/// The pinned pairs, then the chosen ones.
pub(super) fn positions(pinned: &[(usize, usize)], chosen: &[Edge]) -> Vec<(usize, usize)> {
    let chosen = chosen.iter();
    let chosen = chosen.map(|edge| (edge.role as usize, edge.volunteer as usize));
    pinned.iter().copied().chain(chosen).collect()
}

/// The pairs with their fit, in the same order; the first are pinned, so many.
pub(super) fn explained(
    index: &Index<'_>,
    snapshot: &Snapshot,
    positions: &[(usize, usize)],
    pinned: usize,
) -> Vec<Pairing> {
    let pairs = positions.par_iter().enumerate();
    pairs
        .filter_map(|(place, &(role, volunteer))| {
            pairing(index, snapshot, role, volunteer, place < pinned)
        })
        .collect()
}

/// By role, best first, ties by volunteer.
pub(super) fn by_role(mut pairings: Vec<Pairing>) -> Vec<Pairing> {
    pairings.sort_by(|a, b| {
        a.role
            .cmp(&b.role)
            .then(b.fit.score.cmp(&a.fit.score))
            .then_with(|| a.volunteer.cmp(&b.volunteer))
    });
    pairings
}

fn score_of(pairing: &Pairing) -> u32 {
    pairing.fit.score.get().into()
}

fn pairing(
    index: &Index<'_>,
    snapshot: &Snapshot,
    role: usize,
    volunteer: usize,
    is_pinned: bool,
) -> Option<Pairing> {
    let pair = index.pair(role, volunteer)?;
    Some(Pairing {
        role: pair.role.facts.id.clone(),
        volunteer: pair.volunteer.facts.id.clone(),
        is_pinned,
        fit: fit::explain(pair, &measure(pair), &snapshot.taxonomy),
    })
}

fn totals(index: &Index<'_>, pairings: &[Pairing], eligible_pairs: usize) -> Totals {
    Totals {
        volunteers: index.volunteers.len(),
        roles: index.roles.len(),
        eligible_pairs,
        suggestions_wanted: index
            .roles
            .iter()
            .map(|role| u64::from(role.facts.suggestions_wanted()))
            .sum(),
        pairings: pairings.len(),
        roles_served: pairings
            .iter()
            .map(|pairing| &pairing.role)
            .collect::<BTreeSet<_>>()
            .len(),
        volunteers_served: pairings
            .iter()
            .map(|pairing| &pairing.volunteer)
            .collect::<BTreeSet<_>>()
            .len(),
        score: pairings
            .iter()
            .map(|pairing| u64::from(pairing.fit.score.get()))
            .sum(),
    }
}

fn proof(index: &Index<'_>, solved: &Solved) -> Proof {
    let certificate = &solved.assignment.certificate;
    let role_id = |role: u32| Some(index.roles.get(role as usize)?.facts.id.clone());
    let volunteer_id =
        |volunteer: u32| Some(index.volunteers.get(volunteer as usize)?.facts.id.clone());
    let prices_of_roles = |prices: &[u32]| {
        let prices = (0..)
            .zip(prices.iter().copied())
            .filter(|(_, price)| *price > 0);
        prices
            .filter_map(|(role, price)| Some((role_id(role)?, price)))
            .collect()
    };
    let prices = (0..).zip(certificate.volunteer_prices.iter().copied());
    let of_volunteers = prices.filter(|(_, price)| *price > 0);
    let rooms = solved.rooms.iter();
    let left_out = solved.left_out.iter();
    Proof {
        is_verified: solved.is_verified,
        // `Candidates::all` gave the assignment every eligible pair; only hours take some away.
        is_over_all_pairs: !solved.is_mended,
        total: certificate.total,
        bound: solved.bound,
        role_prices: prices_of_roles(&certificate.role_prices),
        volunteer_prices: of_volunteers
            .filter_map(|(volunteer, price)| Some((volunteer_id(volunteer)?, price)))
            .collect(),
        rooms: rooms
            .filter_map(|(volunteer, room)| Some((volunteer_id(*volunteer)?, *room)))
            .collect(),
        left_out: left_out
            .filter_map(|edge| Some((role_id(edge.role)?, volunteer_id(edge.volunteer)?)))
            .collect(),
        bound_prices: prices_of_roles(&solved.bound_prices),
    }
}
