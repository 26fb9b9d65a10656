//! What is taken off at the end, in basis points of the combined fit: for a short wait, for load, for exposure. Each is
//! bounded, so that waiting helps smoothly and never outweighs a fit (a per-connection penalty spreads opportunities
//! without loss of the total: Manshadi et al., SSRN 4497747).

use super::super::index::{PreparedRole, PreparedVolunteer};
use crate::model::Weights;

/// Deductions in basis points; each at most 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deductions {
    pub(crate) waiting: u32,
    pub(crate) load: u32,
    pub(crate) exposure: u32,
}

impl Deductions {
    pub(crate) const fn total(self) -> u32 {
        self.waiting + self.load + self.exposure
    }
}

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Deductions {
    let suggestions =
        u32::from(volunteer.recent_suggestions) + u32::from(role.facts.recent_suggestions);
    Deductions {
        waiting: volunteer.waiting.into(),
        load: volunteer.load.into(),
        exposure: exposure(suggestions, weights).into(),
    }
}

/// What so many recent suggestions of both sides take off.
pub(crate) fn exposure(suggestions: u32, weights: &Weights) -> u16 {
    let policy = &weights.adjustment;
    bounded(policy.exposure_each, suggestions, policy.exposure_most)
}

/// What a wait of so many days leaves to take off.
pub(crate) fn waiting(days: u16, weights: &Weights) -> u16 {
    let policy = &weights.adjustment;
    let (most, days) = (u32::from(policy.waiting_most), u32::from(days));
    let given_back = most * days / (days + u32::from(policy.waiting_half_days)).max(1);
    u16::try_from(most - given_back).unwrap_or(policy.waiting_most)
}

/// What so many placements and open offers take off.
pub(crate) fn load(placements: u8, weights: &Weights) -> u16 {
    let policy = &weights.adjustment;
    bounded(policy.load_each, placements.into(), policy.load_most)
}

fn bounded(each: u16, count: u32, most: u16) -> u16 {
    let taken = u32::from(each).saturating_mul(count);
    u16::try_from(taken).map_or(most, |taken| taken.min(most))
}
