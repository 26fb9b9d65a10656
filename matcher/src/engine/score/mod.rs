//! How well a pair fits, in integers. One file per factor; each reads what the role asks and what the volunteer says,
//! and gives a value in basis points, or nothing when the role does not ask.
//!
//! `view = Σ weight × value ÷ Σ weight` for each side; `combined = 2 × role × volunteer ÷ (role + volunteer)`, the harmonic
//! mean, so that neither side's fit can be bought with the other's (`RECON`, Pizzato et al., 2010); then bounded
//! adjustments are taken off: `score = combined × (10 000 − deductions) ÷ 10 000`.

pub(crate) mod adjustment;
pub(crate) mod cause;
pub(crate) mod evidence;
pub(crate) mod hours;
pub(crate) mod language;
pub(crate) mod meeting;
pub(crate) mod place;
pub(crate) mod skill;
pub(crate) mod wish;

use serde::{Deserialize, Serialize};

use super::gate::Pair;
use crate::model::{BasisPoints, NeedKind, Weights};

/// Stable code of a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorCode {
    /// Must-have skills, by level.
    MustHave,
    /// Nice-to-have skills, by level.
    NiceToHave,
    /// Years of practice in the skills asked.
    Evidence,
    /// Time in which both can meet.
    Meeting,
    /// Hours left for the hours asked.
    Hours,
    /// Causes in common.
    Causes,
    /// Skills asked that the volunteer wishes to learn.
    Wish,
    /// Nearness, or remote work.
    Place,
    /// Languages spoken.
    Languages,
    /// How long the volunteer has waited.
    Waiting,
    /// Placements and open offers the volunteer has.
    Load,
    /// How often either side was proposed lately.
    Exposure,
}

/// Whose view a factor belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// What the role gets.
    Role,
    /// What the volunteer gets.
    Volunteer,
    /// What is taken off at the end.
    Adjustment,
}

/// What a factor says of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// 0 to 10 000.
    pub(crate) value: u16,
    /// How much of it rests on known facts, 0 to 10 000.
    pub(crate) known: u16,
}

impl Reading {
    pub(crate) const fn known(value: u16) -> Self {
        Self {
            value,
            known: 10_000,
        }
    }

    pub(crate) fn unknown(weights: &Weights) -> Self {
        Self {
            value: weights.neutral.get(),
            known: 0,
        }
    }
}

/// Number of factors in the two views.
pub(crate) const FACTORS: usize = 9;

/// One factor of a view, with its weight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) code: FactorCode,
    pub(crate) view: View,
    pub(crate) weight: u16,
    /// `None` when the role does not ask.
    pub(crate) reading: Option<Reading>,
}

/// Everything measured of a pair. Small and without allocation: a round makes one for each eligible pair.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    pub(crate) factors: [Measured; FACTORS],
    pub(crate) role_view: u32,
    pub(crate) volunteer_view: u32,
    pub(crate) combined: u32,
    pub(crate) deductions: adjustment::Deductions,
    pub(crate) score: BasisPoints,
    pub(crate) confidence: BasisPoints,
}

/// Measures a pair, whatever its gates say.
pub(crate) fn measure(pair: Pair<'_, '_>) -> Measure {
    let Pair {
        role,
        volunteer,
        weights,
        ..
    } = pair;
    let brought = skill::Brought::new(role, volunteer);
    let (for_role, for_volunteer) = (&weights.role_view, &weights.volunteer_view);
    let of_role = |code, weight, reading| Measured {
        code,
        view: View::Role,
        weight,
        reading,
    };
    let of_volunteer = |code, weight, reading| Measured {
        code,
        view: View::Volunteer,
        weight,
        reading,
    };
    let factors = [
        of_role(
            FactorCode::MustHave,
            for_role.must_have,
            skill::read(NeedKind::MustHave, role, volunteer, &brought, weights),
        ),
        of_role(
            FactorCode::NiceToHave,
            for_role.nice_to_have,
            skill::read(NeedKind::NiceToHave, role, volunteer, &brought, weights),
        ),
        of_role(
            FactorCode::Evidence,
            for_role.evidence,
            evidence::read(role, volunteer, &brought, weights),
        ),
        of_role(
            FactorCode::Meeting,
            for_role.meeting,
            meeting::read(role, volunteer, weights),
        ),
        of_role(
            FactorCode::Hours,
            for_role.hours,
            hours::read(role, volunteer, weights),
        ),
        of_volunteer(
            FactorCode::Causes,
            for_volunteer.causes,
            cause::read(role, volunteer, weights),
        ),
        of_volunteer(
            FactorCode::Wish,
            for_volunteer.wish,
            wish::read(role, volunteer, weights),
        ),
        of_volunteer(
            FactorCode::Place,
            for_volunteer.place,
            place::read(role, volunteer, weights),
        ),
        of_volunteer(
            FactorCode::Languages,
            for_volunteer.languages,
            language::read(role, volunteer, weights),
        ),
    ];
    let (role_view, role_known) = view(&factors, View::Role, weights);
    let (volunteer_view, volunteer_known) = view(&factors, View::Volunteer, weights);
    let combined = harmonic(role_view, volunteer_view);
    let deductions = adjustment::read(role, volunteer, weights);
    let score = u64::from(combined) * u64::from(10_000 - deductions.total()) / 10_000;
    Measure {
        factors,
        role_view,
        volunteer_view,
        combined,
        deductions,
        score: BasisPoints::capped(score),
        confidence: BasisPoints::capped(u64::from(role_known + volunteer_known) / 2),
    }
}

/// The weighted mean of a side's values and of what is known of them. A side that is asked nothing is neutral and known.
fn view(factors: &[Measured; FACTORS], side: View, weights: &Weights) -> (u32, u32) {
    let (mut total, mut value, mut known) = (0_u32, 0_u32, 0_u32);
    for factor in factors.iter().filter(|factor| factor.view == side) {
        if let Some(reading) = factor.reading {
            let weight = u32::from(factor.weight);
            total += weight;
            value += weight * u32::from(reading.value);
            known += weight * u32::from(reading.known);
        }
    }
    match (value.checked_div(total), known.checked_div(total)) {
        (Some(value), Some(known)) => (value, known),
        _ => (weights.neutral.get().into(), 10_000),
    }
}

pub(crate) fn harmonic(a: u32, b: u32) -> u32 {
    (2 * a * b).checked_div(a + b).unwrap_or(0)
}

impl Measure {
    /// Factors that are not fully known, the heaviest gap first; at most three.
    pub(crate) fn least_known(&self) -> Vec<FactorCode> {
        let mut gaps: Vec<_> = self
            .factors
            .iter()
            .filter_map(|factor| {
                let missing = 10_000 - factor.reading?.known;
                (missing > 0).then(|| (u32::from(missing) * u32::from(factor.weight), factor.code))
            })
            .collect();
        gaps.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        gaps.into_iter().take(3).map(|(_, code)| code).collect()
    }

    /// The factor that costs most in the side that fits less.
    pub(crate) fn weakest(&self) -> Option<FactorCode> {
        let side = if self.role_view <= self.volunteer_view {
            View::Role
        } else {
            View::Volunteer
        };
        let cost = |factor: &Measured| {
            factor
                .reading
                .map(|reading| u32::from(10_000 - reading.value) * u32::from(factor.weight))
        };
        let costs = self.factors.iter().filter(|factor| factor.view == side);
        costs
            .filter_map(|factor| Some((cost(factor)?, factor.code)))
            .rev()
            .max_by_key(|(cost, _)| *cost)
            .map(|(_, code)| code)
    }
}

/// The value of the last step reached; `None` below the first.
pub(crate) fn step(steps: &[crate::model::Step], percent: u64) -> Option<u16> {
    steps
        .iter()
        .rev()
        .find(|step| u64::from(step.percent) <= percent)
        .map(|step| step.value.get())
}

/// The entry for `count`, or the last entry when there are more.
pub(crate) fn by_count(table: &[BasisPoints], count: usize) -> u16 {
    table
        .get(count)
        .or(table.last())
        .map_or(0, |value| value.get())
}

/// `part ÷ whole` in basis points, at most 10 000.
pub(crate) fn share(part: u64, whole: u64) -> u16 {
    BasisPoints::capped((part * 10_000).checked_div(whole).unwrap_or(10_000)).get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harmonic_mean_rises_with_either_side_and_is_held_back_by_the_weaker() {
        assert_eq!(harmonic(0, 0), 0);
        assert_eq!(harmonic(10_000, 0), 0);
        assert_eq!(harmonic(10_000, 10_000), 10_000);
        assert_eq!(harmonic(9_000, 3_000), 4_500);
        for a in (0..10_000).step_by(97) {
            for b in (0..9_900).step_by(89) {
                assert!(harmonic(a, b) <= harmonic(a, b + 100));
                assert!(harmonic(a, b) <= 2 * a.min(b));
            }
        }
    }
}
