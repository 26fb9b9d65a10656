//! Years of practice in the skills asked: a small weight, since years say little beside the level.
//! `value = Σ weight × table[years] ÷ Σ weight` over all needs; years not known are neutral, a skill not held is 0.

use super::super::index::{PreparedRole, PreparedVolunteer};
use super::skill::{Brought, known_share};
use super::{Reading, by_count};
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    brought: &Brought<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let (mut total, mut value, mut unknown) = (0_u32, 0_u32, 0_u32);
    for (need, worth) in brought.to(role) {
        total += need.weight;
        let Some(own) = worth.filter(|worth| worth.is_own()) else {
            continue;
        };
        let worth = if let Some(years) = own.years() {
            by_count(&weights.evidence.by_years, usize::from(years))
        } else {
            unknown += need.weight;
            weights.neutral.get()
        };
        value += need.weight * u32::from(worth);
    }
    let value = value.checked_div(total)?;
    if volunteer.holdings.is_none() {
        return Some(Reading::unknown(weights));
    }
    Some(Reading {
        value: u16::try_from(value).ok()?,
        known: known_share(10_000 * (total - unknown), total),
    })
}
