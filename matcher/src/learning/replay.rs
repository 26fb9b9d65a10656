//! A past round again with other weights: who would have been proposed instead, and what is known of those who would not.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::outcome::{Answer, Outcome};
use crate::engine::assign::ProblemError;
use crate::engine::fairness::Fairness;
use crate::engine::{Evaluation, Round, RoundOptions, evaluate, round};
use crate::model::{RoleId, Snapshot, VolunteerId, Weights};

/// The difference that other weights make to one round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// With the weights of the round.
    pub before: Side,
    /// With the other weights.
    pub after: Side,
    /// Pairs in both, by role.
    pub kept: Vec<(RoleId, VolunteerId)>,
    /// Pairs that the other weights would not have proposed, by role.
    pub lost: Vec<(RoleId, VolunteerId)>,
    /// Pairs that they would have proposed instead, by role.
    pub gained: Vec<(RoleId, VolunteerId)>,
    /// What became of the pairs that would have been kept, as far as it is known.
    pub answers_of_kept: BTreeMap<Answer, usize>,
    /// What became of the lost ones. Of the gained ones nothing can be known.
    pub answers_of_lost: BTreeMap<Answer, usize>,
}

/// One of the two rounds. Scores of different weights do not compare, so each choice is valued by both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Name of the weights.
    pub weights_version: String,
    /// Their identity.
    pub weights_fingerprint: String,
    /// Pairs chosen.
    pub pairings: usize,
    /// Sum of their scores by the weights of the round; a pair that these would not propose counts nothing.
    pub valued_by_before: u64,
    /// Sum of their scores by the other weights; a pair that these would not propose counts nothing.
    pub valued_by_after: u64,
    /// How evenly they are spread.
    pub fairness: Fairness,
}

/// Runs the round with both weights and compares. `outcomes` may be empty, and may hold other rounds' pairs, which are
/// left aside. Fails only where a round does.
pub fn replay(
    snapshot: &Snapshot,
    options: &RoundOptions,
    before: &Weights,
    after: &Weights,
    outcomes: &[Outcome],
) -> Result<Replay, ProblemError> {
    let rounds = [
        round(snapshot, before, options)?,
        round(snapshot, after, options)?,
    ];
    let [old, new] = rounds.each_ref().map(pairs);
    let answers: BTreeMap<_, _> = outcomes
        .iter()
        .map(|outcome| ((&outcome.role, &outcome.volunteer), outcome.answer))
        .collect();
    let count = |pairs: &mut dyn Iterator<Item = &(&RoleId, &VolunteerId)>| {
        let mut counts: BTreeMap<Answer, usize> = BTreeMap::new();
        for answer in pairs.filter_map(|pair| answers.get(pair)) {
            *counts.entry(*answer).or_default() += 1;
        }
        counts
    };
    let named = |pairs: &mut dyn Iterator<Item = &(&RoleId, &VolunteerId)>| {
        pairs
            .map(|(role, volunteer)| ((*role).clone(), (*volunteer).clone()))
            .collect()
    };
    let side = |round: &Round| Side {
        weights_version: round.weights_version.clone(),
        weights_fingerprint: round.weights_fingerprint.clone(),
        pairings: round.pairings.len(),
        valued_by_before: value(snapshot, before, round),
        valued_by_after: value(snapshot, after, round),
        fairness: round.fairness.clone(),
    };
    let [before_side, after_side] = rounds.each_ref().map(side);
    Ok(Replay {
        before: before_side,
        after: after_side,
        kept: named(&mut old.intersection(&new)),
        lost: named(&mut old.difference(&new)),
        gained: named(&mut new.difference(&old)),
        answers_of_kept: count(&mut old.intersection(&new)),
        answers_of_lost: count(&mut old.difference(&new)),
    })
}

fn pairs(round: &Round) -> BTreeSet<(&RoleId, &VolunteerId)> {
    let pairings = round.pairings.iter();
    pairings
        .map(|pairing| (&pairing.role, &pairing.volunteer))
        .collect()
}

fn value(snapshot: &Snapshot, weights: &Weights, round: &Round) -> u64 {
    let scores = round.pairings.iter().filter_map(|pairing| {
        match evaluate(snapshot, weights, &pairing.role, &pairing.volunteer)? {
            Evaluation::Eligible(fit) => Some(u64::from(fit.score.get())),
            Evaluation::Excluded(_) => None,
        }
    });
    scores.sum()
}
