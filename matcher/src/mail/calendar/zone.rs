//! A time zone as a VTIMEZONE (RFC 5545, 3.6.5).
//!
//! Written here and not by the `icalendar` crate, which adds a random UID and the present time to any component that has
//! none: a VTIMEZONE must not have them, and they would differ at every call.

use chrono::{DateTime, Datelike, Days, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

use super::{CalendarError, line};

/// How many years are looked at, beginning with the one before the first meeting. Where governments have set no rule, this is
/// also how far the changes are listed.
const YEARS: i32 = 12;

/// A moment at which the clocks change.
struct Change {
    /// In the local time that held until then, as RFC 5545 gives it.
    onset: NaiveDateTime,
    from: i32,
    to: i32,
    is_daylight: bool,
    abbreviation: Option<String>,
}

/// Writes the zone for meetings from `first` on.
///
/// Each change of the clocks that follows a yearly rule is written as that rule, so that meetings without an end stay right.
/// In a zone with any other change, as one that follows the moon, changes are listed one by one.
pub(super) fn write(out: &mut String, zone: Tz, first: DateTime<Utc>) -> Result<(), CalendarError> {
    let first_year = first.year() - 1;
    let start = new_year(first_year)?;
    let changes = changes(zone, start, new_year(first_year + YEARS)?)?;

    line(out, "BEGIN", "VTIMEZONE")?;
    line(out, "TZID", zone.name())?;
    let before = change(zone, start, start);
    write_observance(out, &before, None)?;
    match rules(&changes) {
        Some(rules) => {
            for (change, rule) in rules {
                write_observance(out, change, Some(&rule))?;
            }
        }
        None => {
            for change in &changes {
                write_observance(out, change, None)?;
            }
        }
    }
    line(out, "END", "VTIMEZONE")
}

fn new_year(year: i32) -> Result<DateTime<Utc>, CalendarError> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0)
        .single()
        .ok_or(CalendarError::OutOfRange)
}

/// Every change of the clocks between two moments, in order.
fn changes(
    zone: Tz,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Result<Vec<Change>, CalendarError> {
    let mut found = Vec::new();
    let mut day = start;
    while day < end {
        let next = day
            .checked_add_days(Days::new(1))
            .ok_or(CalendarError::OutOfRange)?;
        if offset_seconds(zone, day) != offset_seconds(zone, next) {
            found.push(change(zone, moment_of_change(zone, day, next), day));
        }
        day = next;
    }
    Ok(found)
}

/// The first second at which the offset differs from the one at `before`.
fn moment_of_change(
    zone: Tz,
    mut before: DateTime<Utc>,
    mut after: DateTime<Utc>,
) -> DateTime<Utc> {
    let old = offset_seconds(zone, before);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        let middle = middle - TimeDelta::nanoseconds(i64::from(middle.timestamp_subsec_nanos()));
        if offset_seconds(zone, middle) == old {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

/// What the clocks show from `at` on, given a moment `before` it.
fn change(zone: Tz, at: DateTime<Utc>, before: DateTime<Utc>) -> Change {
    let (from, new) = (offset_seconds(zone, before), at.with_timezone(&zone));
    Change {
        onset: at.naive_utc() + TimeDelta::seconds(i64::from(from)),
        from,
        to: offset_seconds(zone, at),
        is_daylight: !new.offset().dst_offset().is_zero(),
        abbreviation: new.offset().abbreviation().map(str::to_owned),
    }
}

/// The yearly rules that say all of the changes, each with the first change it makes; nothing if they follow none.
fn rules(changes: &[Change]) -> Option<Vec<(&Change, String)>> {
    let mut rules: Vec<(&Change, String)> = Vec::new();
    for first in changes {
        if rules.iter().any(|(known, _)| is_alike(known, first)) {
            continue;
        }
        let alike: Vec<&Change> = changes
            .iter()
            .filter(|other| is_alike(first, other))
            .collect();
        let is_yearly = (0..YEARS)
            .zip(&alike)
            .all(|(year, change)| change.onset.year() == first.onset.year() + year);
        if !is_yearly || i32::try_from(alike.len()) != Ok(YEARS) {
            return None;
        }
        let rule = format!(
            "FREQ=YEARLY;BYMONTH={};BYDAY={}",
            first.onset.month(),
            day_of_month(&alike)?
        );
        rules.push((first, rule));
    }
    Some(rules)
}

/// Whether two changes are the same but for their year and day.
fn is_alike(one: &Change, other: &Change) -> bool {
    let key = |change: &Change| {
        (
            (
                change.onset.month(),
                change.onset.weekday(),
                change.onset.time(),
            ),
            (change.from, change.to, change.is_daylight),
            change.abbreviation.clone(),
        )
    };
    key(one) == key(other)
}

/// Which of its weekday in the month the changes are on: `2SU` is the second Sunday, `-1SU` the last one.
fn day_of_month(changes: &[&Change]) -> Option<String> {
    let (first, rest) = changes.split_first()?;
    let day = two_letters(first.onset.weekday());
    let nth = |change: &Change| change.onset.day0() / 7 + 1;
    if rest.iter().all(|change| nth(change) == nth(first)) {
        return Some(format!("{}{day}", nth(first)));
    }
    let is_last = |change: &&Change| {
        let a_week_later = change.onset.checked_add_days(Days::new(7));
        a_week_later.is_some_and(|later| later.month() != change.onset.month())
    };
    changes.iter().all(is_last).then(|| format!("-1{day}"))
}

/// A day of the week as rules write it.
pub(super) const fn two_letters(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

fn write_observance(
    out: &mut String,
    change: &Change,
    rule: Option<&str>,
) -> Result<(), CalendarError> {
    let name = if change.is_daylight {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    line(out, "BEGIN", name)?;
    line(
        out,
        "DTSTART",
        &change.onset.format("%Y%m%dT%H%M%S").to_string(),
    )?;
    if let Some(rule) = rule {
        line(out, "RRULE", rule)?;
    }
    line(out, "TZOFFSETFROM", &offset(change.from))?;
    line(out, "TZOFFSETTO", &offset(change.to))?;
    if let Some(abbreviation) = &change.abbreviation {
        line(out, "TZNAME", abbreviation)?;
    }
    line(out, "END", name)
}

fn offset_seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    at.with_timezone(&zone).offset().fix().local_minus_utc()
}

/// An offset as RFC 5545 writes it; seconds only where history has them.
fn offset(seconds: i32) -> String {
    let (sign, rest) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let (hours, minutes, seconds) = (rest / 3600, rest / 60 % 60, rest % 60);
    if seconds == 0 {
        format!("{sign}{hours:02}{minutes:02}")
    } else {
        format!("{sign}{hours:02}{minutes:02}{seconds:02}")
    }
}
