//! Time in which both can meet, on the real dates of the whole weeks looked at, time off taken out.
//! `value = minutes shared ÷ minutes of full value`, where full value is a multiple of the minimum that the role asks,
//! or all its meeting time if that is less or no minimum is asked.

use super::super::calendar::{Span, common, minutes_free};
use super::super::index::{FreeTime, Meetings, PreparedRole, PreparedVolunteer};
use super::{Reading, share};
use crate::model::Weights;

pub(crate) fn read(
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let meetings = role.meetings.as_ref()?;
    let Some(free) = &volunteer.free else {
        return Some(Reading::unknown(weights));
    };
    let shared = usual_minutes(meetings, free) - lost_minutes(&meetings.spans, free);
    Some(Reading::known(share(
        u64::try_from(shared).ok()?,
        u64::try_from(meetings.full).ok()?,
    )))
}

/// Minutes in common as if the volunteer were never away: a step for each run of half hours where windows are on half hours,
/// else for each half hour of the meetings.
pub(crate) fn usual_minutes(meetings: &Meetings, free: &FreeTime) -> i64 {
    let sessions = meetings
        .sessions
        .get(free.clock_number)
        .filter(|_| free.week.is_on_half_hours());
    sessions.map_or_else(
        || minutes_free(&meetings.spans, &free.clock, &free.week),
        |sessions| sessions.minutes_in(free.week.slots()).into(),
    )
}

/// Minutes in common with some spans, time off taken out.
pub(crate) fn real_minutes(spans: &[Span], free: &FreeTime) -> i64 {
    minutes_free(spans, &free.clock, &free.week) - lost_minutes(spans, free)
}

/// Minutes in common that time off takes.
fn lost_minutes(spans: &[Span], free: &FreeTime) -> i64 {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return 0;
    };
    let is_near = |away: &Span| away.start < last.end && away.end > first.start;
    if !free.away.iter().any(is_near) {
        return 0;
    }
    minutes_free(&common(spans, &free.away), &free.clock, &free.week)
}

/// Minutes that a role asks over all the weeks looked at, of a minimum a week; never more than it meets.
pub(crate) fn asked(minimum_a_week: u16, offered: i64, weeks: i64) -> i64 {
    (i64::from(minimum_a_week) * weeks).min(offered)
}

/// Minutes of full value over all the weeks looked at; at least 1, since a role that meets offers some.
pub(crate) fn full(asked: i64, offered: i64, weights: &Weights) -> i64 {
    match asked * i64::from(weights.meeting.full_at_percent_of_minimum) / 100 {
        0 => offered,
        full => full.min(offered),
    }
}

/// Minutes a week, of minutes over all the weeks looked at; rounded down.
pub(crate) fn per_week(minutes: i64, meetings: &Meetings) -> u32 {
    u32::try_from(minutes / meetings.weeks.max(1)).unwrap_or(u32::MAX)
}
