//! One pair, one role or one volunteer: the same gates and scores as in a round, without the assignment.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::candidates::Candidates;
use super::fit::{self, Fit};
use super::gate::{self, Blocked, Pair};
use super::index::Index;
use super::round::Progress;
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

/// What the engine says of a pair whatever its gates: how well it would fit if all were open, and which are closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appraisal {
    /// The score and its parts.
    pub fit: Fit,
    /// The gates that are closed, each with the smallest change that opens it.
    pub blocked: Vec<Blocked>,
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
    let Appraisal { fit, blocked } = appraise(snapshot, weights, role, volunteer)?;
    Some(if blocked.is_empty() {
        Evaluation::Eligible(fit)
    } else {
        Evaluation::Excluded(blocked)
    })
}

/// Evaluates one pair and says how well it fits even where a gate is closed. `None` when the snapshot lacks the role or the
/// volunteer.
pub fn appraise(
    snapshot: &Snapshot,
    weights: &Weights,
    role: &RoleId,
    volunteer: &VolunteerId,
) -> Option<Appraisal> {
    let (role, volunteer) = (
        snapshot.find_role(role)?,
        snapshot.find_volunteer(volunteer)?,
    );
    let index = Index::of(snapshot, weights, &[role], &[volunteer]);
    let pair = index.pair(0, 0)?;
    let mut blocked = gate::closed(pair);
    let measured = measure(pair);
    if blocked.is_empty() {
        blocked = gate::closed_by_measure(&measured, weights);
    }
    let fit = fit::explain(pair, &measured, &snapshot.taxonomy);
    Some(Appraisal { fit, blocked })
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
    top_for_each_role_with_progress(snapshot, weights, most, &|_| {})
}

/// As [`top_for_each_role`], and tells how far it is ([`Progress::Scored`]), from several threads.
pub fn top_for_each_role_with_progress(
    snapshot: &Snapshot,
    weights: &Weights,
    most: usize,
    progress: &(dyn Fn(Progress) + Sync),
) -> Vec<Suggestion> {
    let candidates = Candidates::new(snapshot, weights);
    let (scored, of) = (AtomicUsize::new(0), snapshot.roles.len());
    let lists: Vec<Vec<Suggestion>> = candidates.top_of_each_role(most, &|role, list| {
        let listed = list.iter();
        let pairs = listed.filter_map(|ranked| {
            let volunteer = ranked.position as usize;
            candidates.index().pair(role, volunteer)
        });
        let suggestions = pairs
            .map(|pair| suggestion(snapshot, pair, &measure(pair)))
            .collect();
        let done = scored.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Progress::Scored { done, of });
        suggestions
    });
    lists.into_iter().flatten().collect()
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
pub(super) fn eligible(pair: Pair<'_, '_>) -> Option<Measure> {
    gate::is_open(pair).then(|| worth_proposing(pair)).flatten()
}

/// What was measured of a pair whose gates on facts are open, if those on the measure are.
pub(crate) fn worth_proposing(pair: Pair<'_, '_>) -> Option<Measure> {
    let measured = measure(pair);
    gate::is_worth_proposing(&measured, pair.weights).then_some(measured)
}
