//! Hours a week left beside the hours asked: some air is better than none. `value = table[left × 100 ÷ asked]`.

use super::super::index::{PreparedRole, PreparedVolunteer};
use super::{Reading, step};
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let asked = role.facts.hours_per_week.filter(|hours| hours.get() > 0)?;
    let Some(left) = volunteer.hours_left else {
        return Some(Reading::unknown(weights));
    };
    Some(Reading::known(value(left, asked.get(), weights)))
}

/// What so many hours left are worth for so many asked, at least 1.
pub(crate) fn value(left: u8, asked: u8, weights: &Weights) -> u16 {
    let percent = u64::from(left) * 100 / u64::from(asked.max(1));
    step(&weights.hours.by_percent_left, percent).unwrap_or(0)
}
