//! The calendar beside its plain meaning: ask both local clocks at every minute.

use chrono::{Timelike, Weekday};
use proptest::prelude::*;

use super::*;

const ZONES: [Tz; 8] = [
    Tz::America__St_Johns,
    Tz::America__Toronto,
    Tz::America__Regina,
    Tz::America__Vancouver,
    Tz::Asia__Kolkata,
    Tz::Asia__Kathmandu,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Apia,
];

/// What the clock of the zone shows at a minute: the date, the weekday and the minute of the day.
fn shown(zone: Tz, minute: i64) -> (NaiveDate, Weekday, u32) {
    let local = zone.from_utc_datetime(
        &chrono::DateTime::from_timestamp(minute * 60, 0)
            .unwrap()
            .naive_utc(),
    );
    (
        local.date_naive(),
        local.weekday(),
        local.hour() * 60 + local.minute(),
    )
}

fn is_in(windows: &[WeeklyWindow], zone: Tz, minute: i64) -> bool {
    let (_, weekday, of_day) = shown(zone, minute);
    windows.iter().any(|window| {
        window.weekday() == weekday
            && (u32::from(window.start_minute())..u32::from(window.end_minute())).contains(&of_day)
    })
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn spans(windows: &[WeeklyWindow], zone: Tz, first: NaiveDate, last: NaiveDate) -> Vec<Span> {
    project(windows, &segments(zone, first, last), first, last)
}

/// The minutes at which the clock of the zone may show these dates.
fn around(first: NaiveDate, last: NaiveDate) -> std::ops::Range<i64> {
    midnight(first) - DAY..midnight(last) + 2 * DAY
}

fn count(minutes: impl Iterator<Item = i64>) -> i64 {
    i64::try_from(minutes.count()).unwrap()
}

fn weekday() -> impl Strategy<Value = Weekday> {
    (0..7_u8).prop_map(|day| Weekday::try_from(day).unwrap())
}

fn any_window() -> impl Strategy<Value = WeeklyWindow> {
    (weekday(), 0..1439_i64, 1..=1440_i64).prop_filter_map("forward", |(day, start, end)| {
        WeeklyWindow::new(day, start, end).ok()
    })
}

fn half_hours() -> impl Strategy<Value = WeeklyWindow> {
    (weekday(), 0..48_i64, 1..=48_i64).prop_filter_map("forward", |(day, start, end)| {
        WeeklyWindow::new(day, start * 30, end * 30).ok()
    })
}

fn windows() -> impl Strategy<Value = Vec<WeeklyWindow>> {
    prop_oneof![
        prop::collection::vec(any_window(), 1..4),
        prop::collection::vec(half_hours(), 1..4),
    ]
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
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn minutes_in_common_are_those_at_which_both_clocks_agree(
        meetings in windows(),
        free in windows(),
        there in prop::sample::select(&ZONES[..]),
        here in prop::sample::select(&ZONES[..]),
        first in first_day(),
        days in 0..12_u64,
    ) {
        let last = later(first, days);
        let meetings_held = spans(&meetings, there, first, last);
        let clock = segments(here, first, last);
        let week = Week::new(&free);
        let plain = count(around(first, last).filter(|minute| {
            (first..=last).contains(&shown(there, *minute).0)
                && is_in(&meetings, there, *minute)
                && is_in(&free, here, *minute)
        }));
        prop_assert_eq!(minutes_free(&meetings_held, &clock, &week), plain);

        let sessions = Sessions::new(&meetings_held, &clock);
        let by_half_hours = i64::from(sessions.minutes_in(week.slots()));
        if week.is_on_half_hours() {
            prop_assert_eq!(by_half_hours, plain);
        } else {
            prop_assert!(by_half_hours >= plain);
        }
        let (union, most) = sessions.bound();
        let touched: u32 = union.iter().zip(week.slots()).map(|(a, b)| (a & b).count_ones()).sum();
        prop_assert!(i64::from(touched * most) >= by_half_hours);
    }

    #[test]
    fn time_off_takes_whole_local_days(
        meetings in windows(),
        free in windows(),
        there in prop::sample::select(&ZONES[..]),
        here in prop::sample::select(&ZONES[..]),
        first in first_day(),
        from in 0..9_u64,
        length in 0..9_u64,
    ) {
        let last = later(first, 8);
        let away = TimeOff::new(later(first, from), later(first, from + length)).unwrap();
        let clock = segments(here, first, last);
        let off = project_time_off(&[away], &clock, first, later(last, 1));
        let held = spans(&meetings, there, first, last);
        let lost = minutes_free(&common(&held, &off), &clock, &Week::new(&free));
        let plain = count(around(first, last).filter(|minute| {
            (first..=last).contains(&shown(there, *minute).0)
                && is_in(&meetings, there, *minute)
                && is_in(&free, here, *minute)
                && (away.start()..=away.end().min(later(last, 1))).contains(&shown(here, *minute).0)
        }));
        prop_assert_eq!(lost, plain);
        let week = Week::new(&free);
        if week.is_on_half_hours() {
            let by_days = Sessions::new(&held, &clock).minutes_lost(week.slots(), &away_days(&[away]));
            let beyond = count(around(first, last).filter(|minute| {
                let today = shown(here, *minute).0;
                (first..=last).contains(&shown(there, *minute).0)
                    && is_in(&meetings, there, *minute)
                    && is_in(&free, here, *minute)
                    && later(last, 1) < today
                    && (away.start()..=away.end()).contains(&today)
            }));
            prop_assert_eq!(i64::from(by_days), plain + beyond);
        }

        // The same, as spans and not as minutes: what is in common is what is lost and what is left.
        let (from, to) = on_any_clock(first, last);
        let windows = project(&free, &segments(here, from, to), from, to);
        let shared = common(&held, &windows);
        prop_assert_eq!(minutes(&shared), minutes_free(&held, &clock, &Week::new(&free)));
        prop_assert_eq!(minutes(&without(&shared, &off)), minutes(&shared) - lost);
    }
}

#[test]
fn the_skipped_hour_is_lost_and_the_repeated_hour_counts_twice() {
    let night = [WeeklyWindow::new(Weekday::Sun, 60, 240).unwrap()];
    let spring = date(2026, 3, 8);
    let autumn = date(2026, 11, 1);
    for (day, expected) in [(spring, 120), (autumn, 240)] {
        let zone = Tz::America__Toronto;
        let held = spans(&night, zone, day, day);
        assert_eq!(minutes(&held), expected);
        let sessions = Sessions::new(&held, &segments(zone, day, day));
        let minutes = sessions.minutes_in(Week::new(&night).slots());
        assert_eq!(i64::from(minutes), expected);
    }
}

#[test]
fn whole_weeks_end_before_the_days_left_over() {
    let first = date(2026, 11, 24);
    for (days_later, expected) in [(0, 0), (5, 5), (6, 6), (8, 6), (12, 6), (13, 13), (19, 13)] {
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
    let clock = segments(Tz::America__Toronto, tuesday, tuesday);
    let shared = Sessions::new(&theirs, &clock).minutes_in(Week::new(&toronto).slots());
    assert_eq!(shared, 60);
}

#[test]
fn weeks_alike_are_one_run_and_a_change_of_the_clock_makes_few() {
    let evenings = [WeeklyWindow::new(Weekday::Tue, 18 * 60, 20 * 60).unwrap()];
    let of_weeks = |zone, first| {
        let last = later(first, 55);
        let held = spans(&evenings, Tz::America__Toronto, first, last);
        Sessions::new(&held, &segments(zone, first, last))
    };
    let quiet = of_weeks(Tz::America__Vancouver, date(2026, 11, 22));
    assert_eq!(quiet.runs(), 1);
    assert_eq!(quiet.bound().1, 8 * 30);
    // Regina does not change its clock with Toronto: two weeks at 17:00, six at 16:00.
    let changing = of_weeks(Tz::America__Regina, date(2027, 2, 21));
    assert!((2..=3).contains(&changing.runs()), "{changing:?}");
}
