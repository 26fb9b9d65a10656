//! Meetings as an iCalendar object (RFC 5545) that is published (RFC 5546, `METHOD:PUBLISH`).
//!
//! `PUBLISH`, not `REQUEST`: the answer was already given, and a request may hold only one meeting. Events are written by
//! the `icalendar` crate. The time zone is written here, because the crate adds a random UID and the present time to
//! any component that has none, which a VTIMEZONE must not have and which would differ at every call.

use std::fmt::{self, Write};

use chrono::{DateTime, Datelike, Days, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};
use icalendar::{Component, Event, EventLike, EventStatus, Property};

use super::{language::single_line, party::Sender, schedule::Meeting};

/// What the calendar says.
#[derive(Clone, Copy, Debug)]
pub struct CalendarEntry<'a> {
    /// What the meetings are identified by: `<id>-<n>@<sender's domain>` is the UID of the `n`th, from 1. A later
    /// version with the same id and a higher `sequence` replaces them.
    pub id: &'a str,
    /// The version, 0 for the first.
    pub sequence: u32,
    /// When this version was made.
    pub issued_at: DateTime<Utc>,
    /// The zone in which the meetings keep their local time.
    pub zone: Tz,
    /// What the meetings are about.
    pub summary: &'a str,
    /// The page about them.
    pub link: &'a str,
    /// The meetings, in order.
    pub meetings: &'a [Meeting],
}

/// Why the calendar could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A meeting ends before it starts, or at the same time.
    #[error("a meeting ends before it starts")]
    EndsBeforeStart,
    /// A date is beyond what calendars can hold.
    #[error("a meeting's date is out of range")]
    OutOfRange,
    /// Writing failed.
    #[error("the calendar could not be written")]
    Write,
}

impl From<fmt::Error> for CalendarError {
    fn from(_: fmt::Error) -> Self {
        Self::Write
    }
}

/// Writes the calendar, or nothing if there is no meeting.
///
/// Lines end in CRLF and are folded at 75 octets. The same input gives the same bytes.
///
/// # Errors
/// See [`CalendarError`].
pub fn calendar(entry: &CalendarEntry, sender: &Sender) -> Result<Option<String>, CalendarError> {
    let Some(first) = entry.meetings.iter().map(|meeting| meeting.starts_at).min() else {
        return Ok(None);
    };
    let last = entry
        .meetings
        .iter()
        .map(|meeting| meeting.ends_at)
        .max()
        .unwrap_or(first);

    let mut out = String::new();
    line(&mut out, "BEGIN", "VCALENDAR")?;
    line(&mut out, "VERSION", "2.0")?;
    line(&mut out, "PRODID", "-//Civic Tech Marketplace//Mail//EN")?;
    line(&mut out, "CALSCALE", "GREGORIAN")?;
    line(&mut out, "METHOD", "PUBLISH")?;
    write_zone(&mut out, entry.zone, first, last)?;
    for (index, meeting) in entry.meetings.iter().enumerate() {
        out.push_str(&event(entry, sender, index + 1, meeting)?);
    }
    line(&mut out, "END", "VCALENDAR")?;
    Ok(Some(out))
}

fn event(
    entry: &CalendarEntry,
    sender: &Sender,
    number: usize,
    meeting: &Meeting,
) -> Result<String, CalendarError> {
    if meeting.ends_at <= meeting.starts_at {
        return Err(CalendarError::EndsBeforeStart);
    }
    let local = |at: DateTime<Utc>| (at.with_timezone(&entry.zone).naive_local(), entry.zone);
    let organizer = Property::new("ORGANIZER", format!("mailto:{}", sender.address.as_str()))
        .add_parameter("CN", &single_line(&sender.name).replace('"', "'"))
        .done();
    let event = Event::new()
        .uid(&format!(
            "{}-{number}@{}",
            single_line(entry.id),
            sender.address.domain()
        ))
        .sequence(entry.sequence)
        .timestamp(entry.issued_at)
        .starts(local(meeting.starts_at))
        .ends(local(meeting.ends_at))
        .summary(&single_line(entry.summary))
        .description(&single_line(entry.link))
        .url(&single_line(entry.link))
        .status(EventStatus::Confirmed)
        .append_property(organizer)
        .done();
    Ok(event.try_into_string()?)
}

/// Writes the zone with every change of its clocks from the year before the first meeting to the last one.
///
/// Changes are listed one by one. A rule would also cover years that no meeting is in, at the price of guessing how
/// governments will set their clocks.
fn write_zone(
    out: &mut String,
    zone: Tz,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
) -> Result<(), CalendarError> {
    let start = Utc
        .with_ymd_and_hms(first.year() - 1, 1, 1, 0, 0, 0)
        .single()
        .ok_or(CalendarError::OutOfRange)?;
    line(out, "BEGIN", "VTIMEZONE")?;
    line(out, "TZID", zone.name())?;
    write_observance(out, zone, start, start)?;
    let mut day = start;
    while day <= last {
        let next = day
            .checked_add_days(Days::new(1))
            .ok_or(CalendarError::OutOfRange)?;
        if offset_seconds(zone, day) != offset_seconds(zone, next) {
            write_observance(out, zone, change(zone, day, next), day)?;
        }
        day = next;
    }
    line(out, "END", "VTIMEZONE")
}

/// The first second at which the offset differs from the one at `before`.
fn change(zone: Tz, mut before: DateTime<Utc>, mut after: DateTime<Utc>) -> DateTime<Utc> {
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

/// Writes what the clocks show from `at` on, given a moment `before` it.
fn write_observance(
    out: &mut String,
    zone: Tz,
    at: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<(), CalendarError> {
    let (old, new) = (offset_seconds(zone, before), at.with_timezone(&zone));
    let name = if new.offset().dst_offset().is_zero() {
        "STANDARD"
    } else {
        "DAYLIGHT"
    };
    // RFC 5545 gives the onset in the local time that held until then.
    let onset = at.naive_utc() + TimeDelta::seconds(i64::from(old));
    line(out, "BEGIN", name)?;
    line(out, "DTSTART", &date_time(onset))?;
    line(out, "TZOFFSETFROM", &offset(old))?;
    line(
        out,
        "TZOFFSETTO",
        &offset(new.offset().fix().local_minus_utc()),
    )?;
    if let Some(abbreviation) = new.offset().abbreviation() {
        line(out, "TZNAME", abbreviation)?;
    }
    line(out, "END", name)
}

fn offset_seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    at.with_timezone(&zone).offset().fix().local_minus_utc()
}

fn date_time(local: NaiveDateTime) -> String {
    local.format("%Y%m%dT%H%M%S").to_string()
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

fn line(out: &mut String, name: &str, value: &str) -> Result<(), CalendarError> {
    Ok(write!(out, "{name}:{value}\r\n")?)
}
