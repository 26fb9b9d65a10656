//! Local weekly windows on real dates: spans of UTC minutes, exact through every change of a zone's clock.
//!
//! A UTC minute belongs to a window when the local clock then shows the window's weekday and a minute inside it. So an
//! hour that the clock skips is lost, and an hour that it repeats counts twice, as it does for the people concerned.

use chrono::{Datelike, Days, NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;

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

/// Minutes in both lists: one walk along the two.
pub(crate) fn overlap(a: &[Span], b: &[Span]) -> i64 {
    let begin = a.first().map_or(0, |span| span.start);
    let mut others = b
        .get(b.partition_point(|span| span.end <= begin)..)
        .unwrap_or_default()
        .iter();
    let mut mine = a.iter();
    let (mut one, mut other) = (mine.next(), others.next());
    let mut total = 0;
    while let (Some(left), Some(right)) = (one, other) {
        total += (left.end.min(right.end) - left.start.max(right.start)).max(0);
        if left.end <= right.end {
            one = mine.next();
        } else {
            other = others.next();
        }
    }
    total
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

/// The date `days` later, or the last date there is.
pub(crate) fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::{Timelike, Weekday};
    use proptest::prelude::*;

    use super::*;

    const ZONES: [Tz; 7] = [
        Tz::America__St_Johns,
        Tz::America__Toronto,
        Tz::America__Regina,
        Tz::America__Vancouver,
        Tz::Asia__Kolkata,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Apia,
    ];

    /// The plain meaning: ask the local clock at every minute.
    fn oracle(
        windows: &[WeeklyWindow],
        zone: Tz,
        first: NaiveDate,
        last: NaiveDate,
        minute: i64,
    ) -> bool {
        let local = zone.from_utc_datetime(
            &chrono::DateTime::from_timestamp(minute * 60, 0)
                .unwrap()
                .naive_utc(),
        );
        let of_day = local.hour() * 60 + local.minute();
        (first..=last).contains(&local.date_naive())
            && windows.iter().any(|window| {
                window.weekday() == local.weekday()
                    && (u32::from(window.start_minute())..u32::from(window.end_minute()))
                        .contains(&of_day)
            })
    }

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn spans(windows: &[WeeklyWindow], zone: Tz, first: NaiveDate, last: NaiveDate) -> Vec<Span> {
        project(windows, &segments(zone, first, last), first, last)
    }

    fn window() -> impl Strategy<Value = WeeklyWindow> {
        (0..7_u8, 0..1439_i64, 1..=1440_i64).prop_filter_map("forward", |(day, start, end)| {
            WeeklyWindow::new(Weekday::try_from(day).unwrap(), start, end).ok()
        })
    }

    /// Weeks around both changes of the clock in North America, of Lord Howe's half hour, and a quiet one.
    fn first_day() -> impl Strategy<Value = NaiveDate> {
        prop_oneof![
            Just(date(2026, 3, 4)),
            Just(date(2026, 10, 28)),
            Just(date(2026, 4, 1)),
            Just(date(2027, 3, 10)),
            Just(date(2026, 7, 1)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn overlap_equals_asking_both_clocks_at_every_minute(
            mine in prop::collection::vec(window(), 1..4),
            theirs in prop::collection::vec(window(), 1..4),
            my_zone in prop::sample::select(&ZONES[..]),
            their_zone in prop::sample::select(&ZONES[..]),
            first in first_day(),
        ) {
            let last = later(first, 8);
            let (before, after) = (first.pred_opt().unwrap(), later(last, 1));
            let counted = overlap(&spans(&mine, my_zone, first, last), &spans(&theirs, their_zone, before, after));
            let plain = (midnight(first) - DAY..midnight(last) + 2 * DAY)
                .filter(|minute| {
                    oracle(&mine, my_zone, first, last, *minute)
                        && oracle(&theirs, their_zone, before, after, *minute)
                })
                .count();
            prop_assert_eq!(counted, i64::try_from(plain).unwrap());
        }

        #[test]
        fn without_time_off_equals_leaving_out_its_local_days(
            mine in prop::collection::vec(window(), 1..4),
            zone in prop::sample::select(&ZONES[..]),
            first in first_day(),
            from in 0..9_u64,
            length in 0..9_u64,
        ) {
            let last = later(first, 8);
            let away = TimeOff::new(later(first, from), later(first, from + length)).unwrap();
            let segments = segments(zone, first, last);
            let left = without(
                &project(&mine, &segments, first, last),
                &project_time_off(&[away], &segments, first, last),
            );
            let plain = (midnight(first) - DAY..midnight(last) + 2 * DAY)
                .filter(|minute| {
                    oracle(&mine, zone, first, last, *minute)
                        && !oracle(&whole_week(), zone, away.start(), away.end(), *minute)
                })
                .count();
            prop_assert_eq!(minutes(&left), i64::try_from(plain).unwrap());
        }
    }

    fn whole_week() -> Vec<WeeklyWindow> {
        (0..7)
            .map(|day| WeeklyWindow::new(Weekday::try_from(day).unwrap(), 0, 1440).unwrap())
            .collect()
    }

    #[test]
    fn the_skipped_hour_is_lost_and_the_repeated_hour_counts_twice() {
        let night = [WeeklyWindow::new(Weekday::Sun, 60, 240).unwrap()];
        let spring = date(2026, 3, 8);
        let autumn = date(2026, 11, 1);
        assert_eq!(
            minutes(&spans(&night, Tz::America__Toronto, spring, spring)),
            120
        );
        assert_eq!(
            minutes(&spans(&night, Tz::America__Toronto, autumn, autumn)),
            240
        );
    }

    #[test]
    fn whole_weeks_end_before_the_days_left_over() {
        let first = date(2026, 11, 24);
        for (days_later, expected) in [(0, 0), (5, 5), (6, 6), (8, 6), (12, 6), (13, 13), (19, 13)]
        {
            assert_eq!(
                last_of_whole_weeks(first, later(first, days_later)),
                later(first, expected)
            );
        }
    }

    #[test]
    fn a_span_is_again_the_window_that_it_was_projected_from() {
        let late = WeeklyWindow::new(Weekday::Sat, 20 * 60, 1440).unwrap();
        let (first, last) = (date(2026, 10, 28), date(2026, 11, 11));
        let found = spans(&[late], Tz::America__Vancouver, first, last);
        assert_eq!(found.len(), 2, "on both sides of the change of the clock");
        for span in found {
            assert_eq!(weekly(span, Tz::America__Vancouver), Some(late));
        }
    }

    #[test]
    fn half_past_seven_in_st_johns_is_six_in_toronto() {
        let st_johns = [WeeklyWindow::new(Weekday::Tue, 19 * 60 + 30, 21 * 60).unwrap()];
        let toronto = [WeeklyWindow::new(Weekday::Tue, 18 * 60, 19 * 60).unwrap()];
        let tuesday = date(2026, 11, 24);
        let theirs = spans(&st_johns, Tz::America__St_Johns, tuesday, tuesday);
        assert_eq!(
            overlap(
                &theirs,
                &spans(&toronto, Tz::America__Toronto, tuesday, tuesday)
            ),
            60
        );
    }
}
