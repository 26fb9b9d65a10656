//! Time as masks of half hours, by looking at every half hour of the dates on every clock concerned.

use std::collections::BTreeMap;
use std::io::Write as _;

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, TimeDelta, TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::Tz;
use matcher::model::{Role, Snapshot, WeeklyWindow, Weights};

use super::{Sheet, bits};

/// Half hours in a week.
const WEEK: usize = 336;

/// A set of half hours of the week, Monday 00:00 first.
pub(super) type Week = [bool; WEEK];

/// What a clock shows at a half hour of the horizon: the date, and the half hour of the week.
type Shown = (NaiveDate, usize);

/// All the half hours that some role looks at, from a day before to a day after, on each clock.
pub(super) struct Horizon {
    first: NaiveDate,
    last: NaiveDate,
    clocks: Vec<Vec<Shown>>,
    clock_of: BTreeMap<&'static str, usize>,
}

impl Horizon {
    pub(super) fn new(snapshot: &Snapshot, weights: &Weights) -> Self {
        let roles = snapshot.roles.iter();
        let ends = roles.map(|role| dates(role, snapshot, weights).1);
        let last = ends.max().unwrap() + Days::new(2);
        let first = snapshot.as_of - Days::new(2);
        let mut horizon = Self {
            first,
            last,
            clocks: Vec::new(),
            clock_of: BTreeMap::new(),
        };
        let volunteers = snapshot.volunteers.iter();
        let zones = volunteers.map(|volunteer| volunteer.availability.as_ref().unwrap().zone);
        for zone in zones {
            if !horizon.clock_of.contains_key(zone.name()) {
                let clock = horizon.shown(zone);
                let known = horizon.clocks.iter().position(|other| *other == clock);
                let number = known.unwrap_or(horizon.clocks.len());
                if known.is_none() {
                    horizon.clocks.push(clock);
                }
                horizon.clock_of.insert(zone.name(), number);
            }
        }
        horizon
    }

    fn shown(&self, zone: Tz) -> Vec<Shown> {
        let start: DateTime<Utc> = self.first.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let half_hours = i32::try_from((self.last - self.first).num_days() * 48).unwrap();
        (0..half_hours)
            .map(|number| {
                let instant = start + TimeDelta::minutes(30) * number;
                let local = zone.from_utc_datetime(&instant.naive_utc());
                assert_eq!(local.minute() % 30, 0, "{zone} is not on half hours");
                let day = local.weekday().num_days_from_monday();
                let slot = day * 48 + local.hour() * 2 + local.minute() / 30;
                (local.date_naive(), slot as usize)
            })
            .collect()
    }

    pub(super) fn clock_of(&self, zone: Tz) -> usize {
        self.clock_of[zone.name()]
    }

    /// The half hours at which a clock shows a time of the week on a date that `is_in`.
    pub(super) fn mask(
        &self,
        clock: usize,
        week: &Week,
        is_in: impl Fn(NaiveDate) -> bool,
    ) -> Vec<u64> {
        packed(
            self.clocks[clock]
                .iter()
                .map(|(date, slot)| week[*slot] && is_in(*date)),
        )
    }
}

/// The half hours of windows that begin and end on half hours.
pub(super) fn week(windows: &[WeeklyWindow]) -> Week {
    let mut week = [false; WEEK];
    for window in windows {
        let (start, end) = (window.start_minute(), window.end_minute());
        assert!(start % 30 == 0 && end % 30 == 0);
        let day = window.weekday().num_days_from_monday() as usize * 48;
        week[day + usize::from(start) / 30..day + usize::from(end) / 30].fill(true);
    }
    week
}

/// Booleans as words, the first in the lowest bit.
pub(super) fn packed(flags: impl Iterator<Item = bool>) -> Vec<u64> {
    let mut words = Vec::new();
    for (number, flag) in flags.enumerate() {
        if number % 64 == 0 {
            words.push(0);
        }
        words[number / 64] |= u64::from(flag) << (number % 64);
    }
    words
}

/// First and last date looked at.
pub(super) fn dates(role: &Role, snapshot: &Snapshot, weights: &Weights) -> (NaiveDate, NaiveDate) {
    let first = role
        .start_on
        .map_or(snapshot.as_of, |start| start.max(snapshot.as_of));
    let horizon = first + Days::new(u64::from(weights.meeting.weeks) * 7 - 1);
    (first, role.end_on.map_or(horizon, |end| end.min(horizon)))
}

/// A role's meetings over the whole weeks of the dates looked at.
pub(super) struct Meetings {
    /// Half hours of the horizon.
    pub(super) held: Vec<u64>,
    /// Minutes asked, and minutes of full value, over all weeks.
    pub(super) asked: i64,
    pub(super) full: i64,
}

pub(super) fn meetings(
    role: &Role,
    snapshot: &Snapshot,
    weights: &Weights,
    horizon: &Horizon,
) -> Meetings {
    let meeting = role.meeting.as_ref().unwrap();
    let (first, last) = dates(role, snapshot, weights);
    let weeks = ((last - first).num_days() + 1) / 7;
    assert!(weeks > 0, "a role of the workload lasts two weeks at least");
    let end = first + TimeDelta::weeks(weeks);
    let clock = horizon.clock_of(meeting.zone);
    let held = horizon.mask(clock, &week(&meeting.windows), |date| {
        first <= date && date < end
    });
    let offered: i64 = held
        .iter()
        .map(|word| 30 * i64::from(word.count_ones()))
        .sum();
    let asked = (i64::from(meeting.minimum_minutes) * weeks).min(offered);
    assert!(asked > 0);
    let full = asked * i64::from(weights.meeting.full_at_percent_of_minimum) / 100;
    Meetings {
        held,
        asked,
        full: full.min(offered),
    }
}

/// Writes role, clock, number, minutes, mask: for how many minutes meetings are held in each half hour of the week on that
/// clock; half hours of as many minutes in one line, the greatest line first.
pub(super) fn write_meetings(
    sheet: &mut Sheet,
    snapshot: &Snapshot,
    weights: &Weights,
    horizon: &Horizon,
) {
    for (role, facts) in snapshot.roles.iter().enumerate() {
        let held = meetings(facts, snapshot, weights, horizon).held;
        for (clock, shown) in horizon.clocks.iter().enumerate() {
            let mut minutes = [0_u32; WEEK];
            for (number, (_, slot)) in shown.iter().enumerate() {
                if held[number / 64] >> (number % 64) & 1 == 1 {
                    minutes[*slot] += 30;
                }
            }
            let mut groups: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
            for count in minutes.into_iter().filter(|count| *count > 0) {
                groups
                    .entry(count)
                    .or_insert_with(|| packed(minutes.iter().map(|other| *other == count)));
            }
            let size = |words: &[u64]| words.iter().map(|word| word.count_ones()).sum::<u32>();
            let mut groups: Vec<(u32, Vec<u64>)> = groups.into_iter().collect();
            groups.sort_by_key(|(_, words)| std::cmp::Reverse(size(words)));
            for (number, (count, words)) in groups.iter().enumerate() {
                let mask = bits(words);
                writeln!(sheet, "{role},{clock},{number},{count},{mask}").unwrap();
            }
        }
    }
}
