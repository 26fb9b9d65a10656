//! When and where: what a role asks for, as said in offers and confirmations.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A weekly stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The day of the week, in `zone`.
    pub weekday: Weekday,
    /// Minutes from local midnight at which it starts, 0 to 1439.
    pub start_minute: u16,
    /// Minutes from local midnight at which it ends, at most 1440.
    pub end_minute: u16,
    /// The zone the times are in.
    pub zone: Tz,
}

/// One meeting on a real date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Where the work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", content = "city", rename_all = "snake_case")]
pub enum Place {
    /// From anywhere.
    Remote,
    /// From anywhere, with meetings in a city.
    Hybrid(String),
    /// In a city.
    OnSite(String),
}

/// What a role asks of a volunteer's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Hours a week, 1 to 168.
    pub hours_per_week: u16,
    /// The first day, if it is fixed.
    pub starts_on: Option<NaiveDate>,
    /// The last day, if there is one.
    pub ends_on: Option<NaiveDate>,
    /// The weekly meeting windows.
    pub windows: Vec<Window>,
    /// Where.
    pub place: Place,
}

/// Meetings that come again each week, at the same local time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyMeeting {
    /// Which of a role's weekly meetings, from 1.
    pub number: u32,
    /// The days of the week, from Monday on.
    pub weekdays: Vec<Weekday>,
    /// Minutes from local midnight at which it starts, 0 to 1439.
    pub start_minute: u16,
    /// Minutes from local midnight at which it ends, at most 1440.
    pub end_minute: u16,
    /// The zone the times are in.
    pub zone: Tz,
    /// The day of the first.
    pub first: NaiveDate,
    /// No meeting is on a later day than this, if there is such a day.
    pub until: Option<NaiveDate>,
}

/// The meetings of a placement as they stand in the calendars of its sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingPlan {
    /// What the meetings are identified by; the same for both sides and for every version.
    pub id: String,
    /// The version, 0 for the first.
    pub sequence: u32,
    /// When this version was made.
    pub issued_at: DateTime<Utc>,
    /// The meetings there are.
    pub held: Vec<WeeklyMeeting>,
    /// Those that an earlier version had and this one has not.
    pub withdrawn: Vec<WeeklyMeeting>,
}

/// The weekly meetings in these windows from the day `from` on, none after `until`. Windows at the same time of the day are one
/// meeting on several days. Its number depends on the windows alone, not on the days.
pub fn weekly_meetings(
    windows: &[Window],
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Vec<WeeklyMeeting> {
    let mut by_time: BTreeMap<_, Vec<Weekday>> = BTreeMap::new();
    // One without length is never held, however far one looks.
    for window in windows
        .iter()
        .filter(|window| window.start_minute < window.end_minute)
    {
        let time = (window.zone.name(), window.start_minute, window.end_minute);
        by_time.entry(time).or_default().push(window.weekday);
    }
    (1..)
        .zip(by_time)
        .filter_map(
            |(number, ((zone, start_minute, end_minute), mut weekdays))| {
                weekdays.sort_unstable_by_key(Weekday::num_days_from_monday);
                weekdays.dedup();
                let meeting = WeeklyMeeting {
                    number,
                    weekdays,
                    start_minute,
                    end_minute,
                    zone: zone.parse().ok()?,
                    first: from,
                    until,
                };
                let (first, _) = meeting.dated().next()?;
                Some(WeeklyMeeting { first, ..meeting })
            },
        )
        .collect()
}

impl WeeklyMeeting {
    /// Every time it is held, in order; one that a change of the clocks skips is left out.
    pub fn occurrences(&self) -> impl Iterator<Item = Meeting> {
        self.dated().map(|(_, meeting)| meeting)
    }

    /// A minute of a day in its zone, without the zone.
    pub(super) fn local(day: NaiveDate, minute: u16) -> NaiveDateTime {
        NaiveDateTime::from(day) + TimeDelta::minutes(i64::from(minute))
    }

    fn dated(&self) -> impl Iterator<Item = (NaiveDate, Meeting)> {
        let last = self.until.unwrap_or(NaiveDate::MAX);
        let moment = |day, minute| {
            let local = self.zone.from_local_datetime(&Self::local(day, minute));
            local.earliest().map(|at| at.with_timezone(&Utc))
        };
        self.first
            .iter_days()
            .take_while(move |day| *day <= last)
            .filter(|day| self.weekdays.contains(&day.weekday()))
            .filter_map(move |day| {
                let meeting = Meeting {
                    starts_at: moment(day, self.start_minute)?,
                    ends_at: moment(day, self.end_minute)?,
                };
                (meeting.starts_at < meeting.ends_at).then_some((day, meeting))
            })
    }
}
