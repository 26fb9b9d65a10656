//! Whether the meetings of a role fit beside those of the placements that a volunteer has, looked at on real dates: two zones may
//! change their clocks on different days, or one of them never.
//!
//! A role asks its people to be there for some minutes a week, within its windows. Two roles clash in a week in which their
//! windows together hold fewer minutes than both ask: nobody can give both what they ask, however the time is divided. Windows
//! that merely overlap, or leave little time between them, are a near miss.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use entity::id::VolunteerId;
use entity::placement::{self, PlacementState};
use entity::role;
use matcher::mail::Meeting;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::meetings::{Schedule, today};
use crate::context::Context;
use crate::domain::pairings::parties::zone;
use crate::error::DomainError;

/// How far ahead meetings are compared, from the first on which both roles may meet: every change of the clocks of a year.
const AHEAD: Days = Days::new(53 * 7);

/// Meetings of two roles that one person can hardly attend, or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The role of the placement that the volunteer has.
    pub role: role::Model,
    /// The first meeting of the role asked about that is concerned.
    pub meeting: Meeting,
    /// The placement's meeting at, or close to, the same time.
    pub other: Meeting,
    /// Whether the two roles clash; a near miss otherwise.
    pub is_clash: bool,
}

/// The conflicts of a role with the live placements of a volunteer in other roles, one for each at most, the first to come
/// first. A clash is told rather than an earlier near miss.
pub async fn of_volunteer(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    role: &role::Model,
    volunteer_id: VolunteerId,
) -> Result<Vec<Conflict>, DomainError> {
    let others = placement::Entity::find()
        .filter(placement::COLUMN.volunteer_id.eq(volunteer_id))
        .filter(
            placement::COLUMN
                .state
                .is_in(PlacementState::LIVE.iter().copied()),
        )
        .filter(placement::COLUMN.role_id.ne(role.id))
        .order_by_asc(placement::Column::Id)
        .find_also_related(role::Entity)
        .all(connection)
        .await?;
    let mut conflicts = Vec::new();
    for (_, other) in others {
        let other = other.ok_or(DomainError::NotFound)?;
        conflicts.extend(between(ctx, connection, role, other).await?);
    }
    conflicts.sort_by_key(|conflict| conflict.meeting.starts_at);
    Ok(conflicts)
}

/// The conflict of a role with another, which a volunteer has.
pub async fn between(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    role: &role::Model,
    other: role::Model,
) -> Result<Option<Conflict>, DomainError> {
    let (schedule, other_schedule) = (
        Schedule::read(connection, role).await?,
        Schedule::read(connection, &other).await?,
    );
    let from = today(ctx, role)
        .max(role.starts_on.unwrap_or(NaiveDate::MIN))
        .max(other.starts_on.unwrap_or(NaiveDate::MIN));
    let ours = Timetable::new(role, &schedule, from);
    let theirs = Timetable::new(&other, &other_schedule, from);
    let near = ctx.app.config.pairing.meeting_gap;
    let found = clash(&ours, &theirs, zone(role))
        .map(|pair| (pair, true))
        .or_else(|| near_miss(&ours, &theirs, near).map(|pair| (pair, false)));
    Ok(found.map(|((meeting, other_meeting), is_clash)| Conflict {
        role: other,
        meeting,
        other: other_meeting,
        is_clash,
    }))
}

/// The meetings of a role on real dates, in order.
struct Timetable {
    meetings: Vec<Meeting>,
    /// Minutes a week for which the role asks its people to be there.
    minimum: i64,
}

impl Timetable {
    fn new(role: &role::Model, schedule: &Schedule, from: NaiveDate) -> Self {
        let end = from.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
        let mut meetings: Vec<Meeting> = schedule
            .meetings(from)
            .iter()
            .flat_map(|weekly| {
                weekly
                    .occurrences()
                    .take_while(|meeting| meeting.starts_at.date_naive() < end)
            })
            .collect();
        meetings.sort_by_key(|meeting| (meeting.starts_at, meeting.ends_at));
        Self {
            meetings,
            minimum: role.minimum_overlap_minutes.into(),
        }
    }

    /// The meetings that end after a moment, in order. Windows of a role do not overlap, so ends are in order, too.
    fn ending_after(&self, moment: DateTime<Utc>) -> impl Iterator<Item = &Meeting> {
        let first = self
            .meetings
            .partition_point(|meeting| meeting.ends_at <= moment);
        self.meetings.iter().skip(first)
    }
}

/// What two roles take of one week.
#[derive(Default)]
struct Week {
    ours: i64,
    theirs: i64,
    both: i64,
    /// The first meetings that overlap.
    first: Option<(Meeting, Meeting)>,
}

impl Week {
    /// Whether the minutes in which either meets are fewer than both ask together.
    fn is_clash(&self, our_minimum: i64, their_minimum: i64) -> bool {
        let asked = our_minimum.min(self.ours) + their_minimum.min(self.theirs);
        self.ours + self.theirs - self.both < asked
    }
}

/// The first two meetings that overlap in the first week, Monday to Sunday in `zone`, in which both roles ask more than is there.
fn clash(ours: &Timetable, theirs: &Timetable, zone: Tz) -> Option<(Meeting, Meeting)> {
    let week_of = |meeting: &Meeting| {
        let date = meeting.starts_at.with_timezone(&zone).date_naive();
        date.week(Weekday::Mon).first_day()
    };
    let mut weeks: BTreeMap<NaiveDate, Week> = BTreeMap::new();
    for other in &theirs.meetings {
        weeks.entry(week_of(other)).or_default().theirs += minutes(other);
    }
    for meeting in &ours.meetings {
        let week = weeks.entry(week_of(meeting)).or_default();
        week.ours += minutes(meeting);
        let overlapping = theirs
            .ending_after(meeting.starts_at)
            .take_while(|other| other.starts_at < meeting.ends_at);
        for other in overlapping {
            week.both += minutes(&Meeting {
                starts_at: meeting.starts_at.max(other.starts_at),
                ends_at: meeting.ends_at.min(other.ends_at),
            });
            week.first.get_or_insert((*meeting, *other));
        }
    }
    weeks
        .into_values()
        .filter(|week| week.is_clash(ours.minimum, theirs.minimum))
        .find_map(|week| week.first)
}

/// The first two meetings that overlap, or between which there are fewer minutes than `near`.
fn near_miss(ours: &Timetable, theirs: &Timetable, near: TimeDelta) -> Option<(Meeting, Meeting)> {
    ours.meetings.iter().find_map(|meeting| {
        theirs
            .ending_after(meeting.starts_at - near)
            .take_while(|other| other.starts_at < meeting.ends_at + near)
            .map(|other| (*meeting, *other))
            .next()
    })
}

fn minutes(meeting: &Meeting) -> i64 {
    (meeting.ends_at - meeting.starts_at).num_minutes()
}

#[cfg(test)]
mod tests {
    use matcher::mail::{Window, weekly_meetings};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A week of meetings on Tuesdays, from an hour up to another, over a year from 2 November 2026 on.
    fn tuesdays(zone: Tz, hours: (u16, u16), minimum: i64) -> Timetable {
        let window = Window {
            weekday: Weekday::Tue,
            start_minute: hours.0 * 60,
            end_minute: hours.1 * 60,
            zone,
        };
        let last = day("2027-10-31");
        let weekly = weekly_meetings(&[window], day("2026-11-02"), Some(last));
        Timetable {
            meetings: weekly
                .iter()
                .flat_map(matcher::mail::WeeklyMeeting::occurrences)
                .collect(),
            minimum,
        }
    }

    const TORONTO: Tz = chrono_tz::America::Toronto;
    const REGINA: Tz = chrono_tz::America::Regina;

    fn is_clash(ours: &Timetable, theirs: &Timetable) -> bool {
        let found = clash(ours, theirs, TORONTO).is_some();
        assert_eq!(
            found,
            clash(theirs, ours, TORONTO).is_some(),
            "it is the same for both"
        );
        found
    }

    #[test]
    fn two_roles_clash_when_their_windows_hold_a_minute_less_than_both_ask() {
        // From six to eight and from seven to nine: three hours in all.
        let other = tuesdays(TORONTO, (19, 21), 90);
        assert!(!is_clash(&tuesdays(TORONTO, (18, 20), 90), &other));
        assert!(is_clash(&tuesdays(TORONTO, (18, 20), 91), &other));
    }

    #[test]
    fn who_need_not_be_there_clashes_with_nothing() {
        let other = tuesdays(TORONTO, (18, 20), 120);
        assert!(!is_clash(&tuesdays(TORONTO, (18, 20), 0), &other));
        assert!(is_clash(&tuesdays(TORONTO, (18, 20), 1), &other));
    }

    #[test]
    fn a_role_asks_no_more_than_it_meets() {
        let other = tuesdays(TORONTO, (20, 21), 600);
        assert!(!is_clash(&tuesdays(TORONTO, (18, 20), 600), &other));
    }

    #[test]
    fn a_clash_of_one_season_is_found() {
        // Six in Regina is seven in Toronto in winter and eight in summer.
        let regina = tuesdays(REGINA, (18, 19), 60);
        let summer = tuesdays(TORONTO, (20, 21), 60);
        let (meeting, other) = clash(&summer, &regina, TORONTO).unwrap();
        assert_eq!(meeting.starts_at, other.starts_at);
        assert_eq!(
            meeting.starts_at.date_naive(),
            day("2027-03-17"),
            "the first Tuesday evening after the change of 14 March, in UTC"
        );
        assert!(!is_clash(&tuesdays(TORONTO, (21, 22), 60), &regina));
    }

    #[test]
    fn a_near_miss_is_nearer_than_the_gap() {
        let ours = tuesdays(TORONTO, (18, 19), 60);
        let theirs = tuesdays(TORONTO, (20, 21), 60);
        let hour = TimeDelta::hours(1);
        assert_eq!(near_miss(&ours, &theirs, hour), None);
        assert_eq!(near_miss(&theirs, &ours, hour), None);
        let more = hour + TimeDelta::minutes(1);
        assert!(near_miss(&ours, &theirs, more).is_some());
        assert!(near_miss(&theirs, &ours, more).is_some());
    }
}
