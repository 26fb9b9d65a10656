//! Weekly meetings as iCalendar objects (RFC 5545) that are published, and taken back (RFC 5546, `METHOD:PUBLISH` and
//! `METHOD:CANCEL`).
//!
//! `PUBLISH`, not `REQUEST`: the answer was already given; a request asks for one, by mail to a sender who reads none; it holds
//! one meeting only; and it names the other side as an attendee, whom it goes on naming when the placement is over. An object
//! that is published holds all the meetings; one that cancels may hold one, so there is one for each. Events are written by the
//! `icalendar` crate.

mod zone;

use std::fmt::{self, Write};

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use icalendar::{Component, Event, EventLike, EventStatus, Property};
use serde::{Deserialize, Serialize};

use super::{
    language::{paragraphs, single_line},
    party::Sender,
    schedule::{MeetingPlan, WeeklyMeeting},
};

/// The longest line, without its end.
const MAX_OCTETS: usize = 75;

/// What the calendar says.
#[derive(Clone, Copy, Debug)]
pub struct CalendarEntry<'a> {
    /// The meetings. `<id>-<number>@<sender's domain>` is the UID of each; a higher sequence replaces it.
    pub plan: &'a MeetingPlan,
    /// What the meetings are about.
    pub summary: &'a str,
    /// The same at more length, in lines.
    pub description: &'a str,
    /// The page about them.
    pub link: &'a str,
}

/// What an iCalendar object does to the calendars of those who get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarMethod {
    /// Adds meetings, or replaces an earlier version of them.
    Publish,
    /// Takes a meeting out.
    Cancel,
}

impl CalendarMethod {
    /// The name in RFC 5546.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Cancel => "CANCEL",
        }
    }
}

/// An iCalendar object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// What it does.
    pub method: CalendarMethod,
    /// The object. Lines end in CRLF and are folded at 75 octets.
    pub text: String,
}

/// Why the calendar could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A meeting ends before it starts, at the same time, or is on no day.
    #[error("a meeting ends before it starts, or is on no day")]
    NotHeld,
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

/// Writes the calendars, none if there is no meeting. The same input gives the same bytes.
///
/// # Errors
/// See [`CalendarError`].
pub fn calendars(entry: &CalendarEntry, sender: &Sender) -> Result<Vec<Calendar>, CalendarError> {
    let mut written = Vec::new();
    if !entry.plan.held.is_empty() {
        let held = &entry.plan.held;
        written.push(object(entry, sender, CalendarMethod::Publish, held)?);
    }
    for withdrawn in entry.plan.withdrawn.chunks(1) {
        written.push(object(entry, sender, CalendarMethod::Cancel, withdrawn)?);
    }
    Ok(written)
}

fn object(
    entry: &CalendarEntry,
    sender: &Sender,
    method: CalendarMethod,
    meetings: &[WeeklyMeeting],
) -> Result<Calendar, CalendarError> {
    let mut text = String::new();
    line(&mut text, "BEGIN", "VCALENDAR")?;
    line(&mut text, "VERSION", "2.0")?;
    line(&mut text, "PRODID", "-//Civic Tech Marketplace//Mail//EN")?;
    line(&mut text, "CALSCALE", "GREGORIAN")?;
    line(&mut text, "METHOD", method.as_str())?;
    let mut zones: Vec<Tz> = Vec::new();
    for meeting in meetings {
        if !zones.contains(&meeting.zone) {
            zone::write(
                &mut text,
                meeting.zone,
                Utc.from_utc_datetime(&start(meeting)),
            )?;
            zones.push(meeting.zone);
        }
    }
    for meeting in meetings {
        text.push_str(&event(entry, sender, method, meeting)?);
    }
    line(&mut text, "END", "VCALENDAR")?;
    let text = fold(&text);
    Ok(Calendar { method, text })
}

/// Folds lines at 75 octets, between characters. Lines that the crate folded are folded anew: it makes some of 76.
fn fold(text: &str) -> String {
    let mut folded = String::new();
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        let mut octets = 0;
        for character in line.chars() {
            if octets + character.len_utf8() > MAX_OCTETS {
                folded.push_str("\r\n ");
                octets = 1;
            }
            folded.push(character);
            octets += character.len_utf8();
        }
        folded.push_str("\r\n");
    }
    folded
}

fn event(
    entry: &CalendarEntry,
    sender: &Sender,
    method: CalendarMethod,
    meeting: &WeeklyMeeting,
) -> Result<String, CalendarError> {
    if meeting.occurrences().next().is_none() {
        return Err(CalendarError::NotHeld);
    }
    let plan = entry.plan;
    let organizer = Property::new("ORGANIZER", format!("mailto:{}", sender.address.as_str()))
        .add_parameter("CN", &single_line(&sender.name).replace('"', "'"))
        .done();
    let status = match method {
        CalendarMethod::Publish => EventStatus::Confirmed,
        CalendarMethod::Cancel => EventStatus::Cancelled,
    };
    let event = Event::new()
        .uid(&format!(
            "{}-{}@{}",
            single_line(&plan.id),
            meeting.number,
            sender.address.domain()
        ))
        .sequence(plan.sequence)
        .timestamp(plan.issued_at)
        .starts((start(meeting), meeting.zone))
        .ends((
            WeeklyMeeting::local(meeting.first, meeting.end_minute),
            meeting.zone,
        ))
        .append_property(Property::new("RRULE", rule(meeting)?))
        .summary(&single_line(entry.summary))
        .description(&paragraphs(entry.description).join("\n"))
        .url(&single_line(entry.link))
        .status(status)
        .append_property(organizer)
        .done();
    Ok(event.try_into_string()?)
}

fn start(meeting: &WeeklyMeeting) -> NaiveDateTime {
    WeeklyMeeting::local(meeting.first, meeting.start_minute)
}

/// Each week, until the end of the last day. RFC 5545 gives that in UTC, since the start has a zone.
fn rule(meeting: &WeeklyMeeting) -> Result<String, CalendarError> {
    let mut rule = "FREQ=WEEKLY".to_owned();
    if let Some(last) = meeting.until {
        let midnight = last
            .succ_opt()
            .map(NaiveDateTime::from)
            .ok_or(CalendarError::OutOfRange)?;
        let end = utc(meeting.zone, midnight)? - TimeDelta::seconds(1);
        write!(rule, ";UNTIL={}", end.format("%Y%m%dT%H%M%SZ"))?;
    }
    let days: Vec<_> = meeting
        .weekdays
        .iter()
        .copied()
        .map(zone::two_letters)
        .collect();
    write!(rule, ";BYDAY={}", days.join(","))?;
    Ok(rule)
}

/// A local time in UTC. Where the clocks skip it, what they would have shown without their change.
fn utc(zone: Tz, local: NaiveDateTime) -> Result<DateTime<Utc>, CalendarError> {
    let shift = TimeDelta::hours(3);
    let at = |local: NaiveDateTime| zone.from_local_datetime(&local).earliest();
    at(local)
        .or_else(|| at(local - shift).map(|before| before + shift))
        .map(|at| at.with_timezone(&Utc))
        .ok_or(CalendarError::OutOfRange)
}

fn line(out: &mut String, name: &str, value: &str) -> Result<(), CalendarError> {
    Ok(write!(out, "{name}:{value}\r\n")?)
}
