//! What each factor costs a pair: by how much its score would be higher if that factor alone were full.

use std::cmp::Reverse;

use super::super::score::{View, combine};
use super::{Factor, Fit};
use crate::model::BasisPoints;

/// What one factor costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss<'f> {
    /// The factor.
    pub factor: &'f Factor,
    /// By how much the score would be higher if the factor were full, or nothing were taken off for it, and all else
    /// stayed as it is. What several factors cost together is not the sum: the score is a harmonic mean.
    pub points: BasisPoints,
}

impl Fit {
    /// What the factors cost, the dearest first; of equals, in the order of the fit. Those that cost nothing are left out.
    pub fn losses(&self) -> Vec<Loss<'_>> {
        let mut losses: Vec<_> = self
            .factors
            .iter()
            .map(|factor| Loss {
                factor,
                points: BasisPoints::capped(
                    self.score_without_loss(factor)
                        .saturating_sub(self.score.get().into()),
                ),
            })
            .filter(|loss| loss.points > BasisPoints::LEAST)
            .collect();
        losses.sort_by_key(|loss| Reverse(loss.points));
        losses
    }

    fn score_without_loss(&self, full: &Factor) -> u64 {
        let (role, volunteer) = (
            self.role_view.get().into(),
            self.volunteer_view.get().into(),
        );
        let deductions: u32 = self
            .factors
            .iter()
            .filter(|factor| factor.view == View::Adjustment)
            .map(|factor| u32::from(factor.value.get()))
            .sum();
        match full.view {
            View::Role => combine(self.view_with(full), volunteer, deductions),
            View::Volunteer => combine(role, self.view_with(full), deductions),
            View::Adjustment => {
                let others = deductions.saturating_sub(full.value.get().into());
                combine(role, volunteer, others)
            }
        }
    }

    /// The weighted mean of the factor's view if the factor had its greatest value.
    fn view_with(&self, full: &Factor) -> u32 {
        let (mut total, mut value) = (0_u32, 0_u32);
        for factor in self.factors.iter().filter(|other| other.view == full.view) {
            let weight = u32::from(factor.weight);
            let reached = if factor.code == full.code {
                BasisPoints::MOST
            } else {
                factor.value
            };
            total += weight;
            value += weight * u32::from(reached.get());
        }
        value.checked_div(total).unwrap_or(0)
    }
}
