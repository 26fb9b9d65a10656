//! Local weekly windows on real dates: spans of UTC minutes, exact through every change of a zone's clock.
//!
//! A UTC minute belongs to a window when the local clock then shows the window's weekday and a minute inside it. So an
//! hour that the clock skips is lost, and an hour that it repeats counts twice, as it does for the people concerned.

mod half_hours;
mod session;
mod week;

use chrono::{Datelike, NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;

pub(crate) use half_hours::HalfHours;
pub(crate) use session::{Days, Sessions, away_days};
pub(crate) use week::{SLOTS, Slots, Week, each_slot, minutes_free};

use crate::model::{TimeOff, WeeklyWindow};

/// Minutes in a day.
const DAY: i64 = 24 * 60;

/// UTC minutes since 1970, from `start` up to but without `end`. Lists of spans are sorted and do not touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

/// A stretch of UTC minutes in which a zone keeps one offset, in minutes east.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    start: i64,
    end: i64,
    offset: i64,
}

/// Minute at which the date begins on a clock that shows UTC.
fn midnight(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp()
        .div_euclid(60)
}

fn offset_at(zone: Tz, minute: i64) -> i64 {
    chrono::DateTime::from_timestamp(minute * 60, 0).map_or(0, |instant| {
        let offset = zone.offset_from_utc_datetime(&instant.naive_utc());
        i64::from(offset.fix().local_minus_utc()).div_euclid(60)
    })
}

/// The offsets of a zone on the local dates `first..=last`, found by looking at each day and halving where two differ.
pub(crate) fn segments(zone: Tz, first: NaiveDate, last: NaiveDate) -> Vec<Segment> {
    // No offset reaches a whole day, so a day on each side covers every local minute of the dates.
    let (begin, end) = (midnight(first) - DAY, midnight(last) + 2 * DAY);
    let mut found = Vec::new();
    let mut start = begin;
    let mut offset = offset_at(zone, begin);
    let mut day = begin;
    while day < end {
        let next = day + DAY;
        let after = offset_at(zone, next);
        if after != offset {
            let (mut before, mut changed) = (day, next);
            while changed - before > 1 {
                let middle = i64::midpoint(before, changed);
                if offset_at(zone, middle) == offset {
                    before = middle;
                } else {
                    changed = middle;
                }
            }
            found.push(Segment {
                start,
                end: changed,
                offset,
            });
            (start, offset) = (changed, after);
        }
        day = next;
    }
    found.push(Segment { start, end, offset });
    found
}

/// The spans of weekly windows on the local dates `first..=last`, merged.
pub(crate) fn project(
    windows: &[WeeklyWindow],
    segments: &[Segment],
    first: NaiveDate,
    last: NaiveDate,
) -> Vec<Span> {
    let mut spans = Vec::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        for window in windows
            .iter()
            .filter(|window| window.weekday() == date.weekday())
        {
            let local = midnight(date);
            let start = local + i64::from(window.start_minute());
            let end = local + i64::from(window.end_minute());
            clip(start, end, segments, &mut spans);
        }
    }
    merged(spans)
}

/// The spans of whole local days of time off, merged.
pub(crate) fn project_time_off(
    time_off: &[TimeOff],
    segments: &[Segment],
    first: NaiveDate,
    last: NaiveDate,
) -> Vec<Span> {
    let mut spans = Vec::new();
    for away in time_off {
        let (start, end) = (away.start().max(first), away.end().min(last));
        if start <= end {
            clip(midnight(start), midnight(end) + DAY, segments, &mut spans);
        }
    }
    merged(spans)
}

/// Adds the UTC minutes at which a local clock shows `start..end`.
fn clip(start: i64, end: i64, segments: &[Segment], spans: &mut Vec<Span>) {
    spans.extend(segments.iter().filter_map(|segment| {
        let start = (start - segment.offset).max(segment.start);
        let end = (end - segment.offset).min(segment.end);
        (start < end).then_some(Span { start, end })
    }));
}

/// Sorts spans and joins those that overlap or touch.
pub(crate) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// What two lists have in common.
pub(crate) fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let mut found = Vec::new();
    for span in a {
        let from = b.partition_point(|other| other.end <= span.start);
        let touching = b.iter().skip(from);
        found.extend(
            touching
                .take_while(|other| other.start < span.end)
                .map(|other| Span {
                    start: span.start.max(other.start),
                    end: span.end.min(other.end),
                }),
        );
    }
    found
}

/// What is left of `spans` without `taken`.
pub(crate) fn without(spans: &[Span], taken: &[Span]) -> Vec<Span> {
    let mut left = Vec::with_capacity(spans.len());
    for span in spans {
        let mut start = span.start;
        for cut in taken
            .iter()
            .filter(|cut| cut.end > span.start && cut.start < span.end)
        {
            if cut.start > start {
                left.push(Span {
                    start,
                    end: cut.start,
                });
            }
            start = start.max(cut.end);
        }
        if start < span.end {
            left.push(Span {
                start,
                end: span.end,
            });
        }
    }
    left
}

/// Minutes in the spans.
pub(crate) fn minutes(spans: &[Span]) -> i64 {
    spans.iter().map(|span| span.end - span.start).sum()
}

/// The stretch of the week that a span covers on the clock of a zone; `None` when that clock passes midnight meanwhile,
/// which it never does inside a projected window.
pub(crate) fn weekly(span: Span, zone: Tz) -> Option<WeeklyWindow> {
    let last = span.end - 1;
    let start = span.start + offset_at(zone, span.start);
    let end = last + offset_at(zone, last) + 1;
    let day = start.div_euclid(DAY) * DAY;
    let date = chrono::DateTime::from_timestamp(day * 60, 0)?.date_naive();
    WeeklyWindow::new(date.weekday(), start - day, end - day).ok()
}

/// Days from `first` to `last`, both included.
pub(crate) fn days(first: NaiveDate, last: NaiveDate) -> i64 {
    (last - first).num_days() + 1
}

/// The last date of the whole weeks that begin on `first` and end by `last`, in which each weekday comes equally often;
/// `last` itself when there is not one whole week.
pub(crate) fn last_of_whole_weeks(first: NaiveDate, last: NaiveDate) -> NaiveDate {
    match days(first, last) {
        ..7 => last,
        days => last - chrono::TimeDelta::days(days % 7),
    }
}

/// The dates that some clock may show while another shows `first..=last`: two days more on each side, since clocks differ by
/// more than a day.
pub(crate) fn on_any_clock(first: NaiveDate, last: NaiveDate) -> (NaiveDate, NaiveDate) {
    let earlier = first.checked_sub_days(chrono::Days::new(2));
    (earlier.unwrap_or(NaiveDate::MIN), later(last, 2))
}

/// The date `days` later, or the last date there is.
pub(crate) fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(chrono::Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
