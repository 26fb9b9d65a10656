//! Whether other weights predict better where they were not fitted. People are held out whole, with all their outcomes,
//! in turn: an answer of someone known says less than one of someone new.

use std::collections::BTreeMap;

use serde::Serialize;

use super::model::{Example, Model};
use super::proportion::{Z, float};
use super::solver;
use crate::model::{VolunteerId, Weights};

/// Log loss on outcomes held out: the mean of `−ln(chance given to what happened)`; ln 2 (0.693) is a coin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeldOut {
    /// With the policy's weights.
    pub policy: f64,
    /// With weights fitted to the other parts.
    pub refit: f64,
    /// What the refit gains: positive when it is better.
    pub gain: f64,
    /// The interval of 95 % of the gain, over people.
    pub interval: (f64, f64),
}

impl HeldOut {
    /// Whether the whole interval of the gain is above 0.
    pub fn is_better(&self) -> bool {
        self.interval.0 > 0.0
    }
}

/// Fits on all parts but one and tests on that one, for each.
pub(super) fn held_out<'o>(
    examples: &[Example],
    volunteers: impl Iterator<Item = &'o VolunteerId>,
    policy: &Weights,
    precision: f64,
    parts: usize,
) -> HeldOut {
    let mut people: BTreeMap<&VolunteerId, Vec<&Example>> = BTreeMap::new();
    for (example, volunteer) in examples.iter().zip(volunteers) {
        people.entry(volunteer).or_default().push(example);
    }
    let people: Vec<Vec<&Example>> = people.into_values().collect();
    let count = float(examples.len());
    let (mut policy_loss, mut refit_loss) = (0.0, 0.0);
    // The gain of each person's outcomes together, and how many they are.
    let mut gains: Vec<(f64, f64)> = Vec::with_capacity(people.len());
    for part in 0..parts {
        let (mut seen, mut unseen) = (Vec::new(), Vec::new());
        for (place, person) in people.iter().enumerate() {
            if place % parts == part {
                unseen.push(person);
            } else {
                seen.extend(person.iter().copied());
            }
        }
        let fixed = Model::new(&seen, policy, None);
        let free = Model::new(&seen, policy, Some(precision));
        let with_policy = solver::minimise(&fixed, Model::start()).at;
        let with_refit = solver::minimise(&free, Model::start()).at;
        for person in unseen {
            let before: f64 = person
                .iter()
                .map(|example| fixed.loss_of(example, &with_policy))
                .sum();
            let after: f64 = person
                .iter()
                .map(|example| free.loss_of(example, &with_refit))
                .sum();
            policy_loss += before;
            refit_loss += after;
            gains.push((before - after, float(person.len())));
        }
    }
    let gain = (policy_loss - refit_loss) / count;
    let squares: f64 = gains
        .iter()
        .map(|(together, size)| (together - size * gain).powi(2))
        .sum();
    let spread = Z * squares.sqrt() / count;
    HeldOut {
        policy: policy_loss / count,
        refit: refit_loss / count,
        gain,
        interval: (gain - spread, gain + spread),
    }
}
