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
    let policy = &weights.adjustment;
    let days = u32::from(volunteer.facts.waiting_days);
    let most = u32::from(policy.waiting_most);
    let given_back = most * days / (days + u32::from(policy.waiting_half_days)).max(1);
    let suggestions =
        u32::from(volunteer.facts.recent_suggestions) + u32::from(role.facts.recent_suggestions);
    let bounded =
        |each: u16, count: u32, most: u16| (u32::from(each).saturating_mul(count)).min(most.into());
    Deductions {
        waiting: most - given_back,
        load: bounded(
            policy.load_each,
            volunteer.facts.current_placements.into(),
            policy.load_most,
        ),
        exposure: bounded(policy.exposure_each, suggestions, policy.exposure_most),
    }
}
