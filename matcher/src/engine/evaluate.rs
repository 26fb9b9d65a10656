//! One pair, one role or one volunteer: the same gates and scores as in a round, without the assignment.

use std::cmp::Reverse;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::candidates::{Candidates, Depth, Ranked};
use super::fit::{self, Fit};
use super::gate::{self, Blocked, Pair};
use super::index::Index;
use super::score::{Measure, measure};
use crate::model::{Role, RoleId, Snapshot, Volunteer, VolunteerId, Weights};

/// What the engine says of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Evaluation {
    /// All gates are open.
    Eligible(Fit),
    /// Some gates are closed: each with the smallest change that opens it.
    Excluded(Vec<Blocked>),
}

/// A pair that may be proposed, outside of any assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Which role.
    pub role: RoleId,
    /// Which volunteer.
    pub volunteer: VolunteerId,
    /// Why.
    pub fit: Fit,
}

/// Evaluates one pair. `None` when the snapshot lacks the role or the volunteer.
pub fn evaluate(
    snapshot: &Snapshot,
    weights: &Weights,
    role: &RoleId,
    volunteer: &VolunteerId,
) -> Option<Evaluation> {
    let (role, volunteer) = (
        snapshot.find_role(role)?,
        snapshot.find_volunteer(volunteer)?,
    );
    let index = Index::of(snapshot, weights, &[role], &[volunteer]);
    let pair = index.pair(0, 0)?;
    let mut blocks = gate::closed(pair);
    let measured = measure(pair);
    if blocks.is_empty() {
        blocks = gate::closed_by_measure(&measured, weights);
    }
    Some(if blocks.is_empty() {
        Evaluation::Eligible(fit::explain(pair, &measured, &snapshot.taxonomy))
    } else {
        Evaluation::Excluded(blocks)
    })
}

/// The best volunteers for a role, best first, ties by id; at most `most`. Empty when the snapshot lacks the role.
pub fn top_for_role(
    snapshot: &Snapshot,
    weights: &Weights,
    role: &RoleId,
    most: usize,
) -> Vec<Suggestion> {
    let Some(role) = snapshot.find_role(role) else {
        return Vec::new();
    };
    top(
        snapshot,
        weights,
        &[role],
        &snapshot.volunteers.iter().collect::<Vec<_>>(),
        most,
    )
}

/// The best roles for a volunteer, best first, ties by id; at most `most`. Empty when the snapshot lacks the volunteer.
pub fn top_for_volunteer(
    snapshot: &Snapshot,
    weights: &Weights,
    volunteer: &VolunteerId,
    most: usize,
) -> Vec<Suggestion> {
    let Some(volunteer) = snapshot.find_volunteer(volunteer) else {
        return Vec::new();
    };
    top(
        snapshot,
        weights,
        &snapshot.roles.iter().collect::<Vec<_>>(),
        &[volunteer],
        most,
    )
}

/// The best volunteers for each role, by role, as [`top_for_role`] gives them; everything is prepared once.
pub fn top_for_each_role(snapshot: &Snapshot, weights: &Weights, most: usize) -> Vec<Suggestion> {
    let candidates = Candidates::new(snapshot, weights);
    let lists = candidates.top(Depth {
        per_role: most,
        per_volunteer: 0,
    });
    let listed: Vec<(usize, Ranked)> = lists
        .per_role
        .into_iter()
        .enumerate()
        .flat_map(|(role, list)| list.into_iter().map(move |ranked| (role, ranked)))
        .collect();
    listed
        .into_par_iter()
        .filter_map(|(role, ranked)| {
            let pair = candidates.index().pair(role, ranked.position as usize)?;
            Some(suggestion(snapshot, pair, &measure(pair)))
        })
        .collect()
}

fn top<'a>(
    snapshot: &'a Snapshot,
    weights: &'a Weights,
    roles: &[&'a Role],
    volunteers: &[&'a Volunteer],
    most: usize,
) -> Vec<Suggestion> {
    let index = Index::of(snapshot, weights, roles, volunteers);
    best(snapshot, index.pairs(), most)
}

/// The best of some pairs that come by id, best first, ties by id.
fn best<'i, 'a: 'i>(
    snapshot: &Snapshot,
    pairs: impl Iterator<Item = Pair<'i, 'a>>,
    most: usize,
) -> Vec<Suggestion> {
    let mut found: Vec<(Pair<'_, '_>, Measure)> = pairs
        .filter_map(|pair| eligible(pair).map(|measured| (pair, measured)))
        .collect();
    // The sort is stable, so ties stay in the order of the ids.
    found.sort_by_key(|(_, measured)| Reverse(measured.score));
    found
        .into_iter()
        .take(most)
        .map(|(pair, measured)| suggestion(snapshot, pair, &measured))
        .collect()
}

fn suggestion(snapshot: &Snapshot, pair: Pair<'_, '_>, measured: &Measure) -> Suggestion {
    Suggestion {
        role: pair.role.facts.id.clone(),
        volunteer: pair.volunteer.facts.id.clone(),
        fit: fit::explain(pair, measured, &snapshot.taxonomy),
    }
}

/// What was measured of the pair, if all gates are open.
fn eligible(pair: Pair<'_, '_>) -> Option<Measure> {
    gate::is_open(pair).then(|| worth_proposing(pair)).flatten()
}

/// What was measured of a pair whose gates on facts are open, if those on the measure are.
pub(crate) fn worth_proposing(pair: Pair<'_, '_>) -> Option<Measure> {
    let measured = measure(pair);
    gate::is_worth_proposing(&measured, pair.weights).then_some(measured)
}
