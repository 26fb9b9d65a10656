//! Years of practice in the skills asked: a small weight, since years say little beside the level.
//! `value = Σ weight × table[years] ÷ Σ weight` over all needs; years not known are neutral, a skill not held is 0.

use super::super::index::{PreparedRole, PreparedVolunteer};
use super::{Reading, by_count, skill};
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let (mut total, mut value, mut known) = (0_u32, 0_u32, 0_u32);
    for need in &role.needs {
        let own = skill::holding_for(need, volunteer).filter(|holding| holding.is_own);
        let (worth, is_known) = match own.map(|holding| holding.years) {
            None => (0, true),
            Some(None) => (weights.neutral.get(), false),
            Some(Some(years)) => (
                by_count(&weights.evidence.by_years, usize::from(years)),
                true,
            ),
        };
        total += need.weight;
        value += need.weight * u32::from(worth);
        known += if is_known { need.weight * 10_000 } else { 0 };
    }
    let (value, known) = (value.checked_div(total)?, known.checked_div(total)?);
    if volunteer.holdings.is_none() {
        return Some(Reading::unknown(weights));
    }
    Some(Reading {
        value: u16::try_from(value).ok()?,
        known: u16::try_from(known).ok()?,
    })
}
