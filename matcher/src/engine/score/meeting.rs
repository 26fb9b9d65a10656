//! Time in which both can meet, on the real dates of the whole weeks looked at, time off taken out.
//! `value = minutes shared ÷ minutes of full value`, where full value is a multiple of the minimum that the role asks,
//! or all its meeting time if that is less or no minimum is asked.

use super::super::calendar;
use super::super::index::{PreparedRole, PreparedVolunteer};
use super::{Reading, share};
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let asked = asked_minutes(role)?;
    let offered = calendar::minutes(&role.meeting);
    let Some(free) = &volunteer.free else {
        return Some(Reading::unknown(weights));
    };
    let full = match asked * i64::from(weights.meeting.full_at_percent_of_minimum) / 100 {
        0 => offered,
        full => full.min(offered),
    };
    let shared = calendar::overlap(&role.meeting, &free.really);
    Some(Reading::known(share(
        u64::try_from(shared).ok()?,
        u64::try_from(full).ok()?,
    )))
}

/// Minutes that the role asks over all the weeks looked at, never more than it meets. `None` when it does not meet.
pub(crate) fn asked_minutes(role: &PreparedRole<'_>) -> Option<i64> {
    let minimum = role.facts.meeting.as_ref()?.minimum_minutes;
    let offered = calendar::minutes(&role.meeting);
    (offered > 0).then(|| (i64::from(minimum) * weeks(role)).min(offered))
}

/// Minutes a week, of minutes over all the weeks looked at; rounded down.
pub(crate) fn per_week(minutes: i64, role: &PreparedRole<'_>) -> u32 {
    u32::try_from(minutes / weeks(role)).unwrap_or(u32::MAX)
}

/// Whole weeks in which the meeting was projected. What is less than one counts as one: so much of it is left.
fn weeks(role: &PreparedRole<'_>) -> i64 {
    role.dates
        .map_or(1, |(first, last)| (calendar::days(first, last) / 7).max(1))
}
