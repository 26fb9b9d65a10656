//! Dates in words.

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use crate::mail::{
    Language::{self, English, French},
    Meeting, Window, dates,
};

fn moment(at: &str, zone: Tz, language: Language) -> String {
    let at: DateTime<Utc> = at.parse().unwrap();
    dates::moment(at, zone, language).replace('\u{a0}', " ")
}

#[test]
fn a_moment_is_said_by_locale_and_zone() {
    let at = "2026-11-24T23:30:00Z";
    assert_eq!(
        moment(at, Tz::America__Toronto, English),
        "Tuesday, November 24, 2026, 6:30 p.m. EST"
    );
    assert_eq!(
        moment(at, Tz::America__Toronto, French),
        "le mardi 24 novembre 2026 à 18 h 30 HNE"
    );
    assert_eq!(
        moment(at, Tz::America__St_Johns, English),
        "Tuesday, November 24, 2026, 8:00 p.m. NST"
    );
    assert_eq!(
        moment(at, Tz::America__St_Johns, French),
        "le mardi 24 novembre 2026 à 20 h HNT"
    );
    assert_eq!(
        moment(at, Tz::America__Sao_Paulo, English),
        "Tuesday, November 24, 2026, 8:30 p.m. UTC-03:00"
    );
}

#[test]
fn the_first_of_a_month_midnight_and_noon_follow_usage() {
    assert_eq!(
        moment("2026-08-01T16:00:00Z", Tz::America__Toronto, French),
        "le samedi 1er août 2026 à 12 h HAE"
    );
    assert_eq!(
        moment("2026-08-01T16:00:00Z", Tz::America__Toronto, English),
        "Saturday, August 1, 2026, 12:00 p.m. EDT"
    );
    assert_eq!(
        moment("2026-08-01T04:05:00Z", Tz::America__Toronto, English),
        "Saturday, August 1, 2026, 12:05 a.m. EDT"
    );
    assert_eq!(
        moment("2026-08-01T04:05:00Z", Tz::America__Toronto, French),
        "le samedi 1er août 2026 à 0 h 05 HAE"
    );
}

#[test]
fn the_repeated_hour_of_autumn_is_told_apart_by_the_zone() {
    assert_eq!(
        moment("2026-11-01T05:30:00Z", Tz::America__Toronto, English),
        "Sunday, November 1, 2026, 1:30 a.m. EDT"
    );
    assert_eq!(
        moment("2026-11-01T06:30:00Z", Tz::America__Toronto, French),
        "le dimanche 1er novembre 2026 à 1 h 30 HNE"
    );
}

#[test]
fn a_meeting_has_both_its_times() {
    let meeting = Meeting {
        starts_at: "2026-12-01T23:30:00Z".parse().unwrap(),
        ends_at: "2026-12-02T01:00:00Z".parse().unwrap(),
    };
    assert_eq!(
        dates::meeting(meeting, Tz::America__Toronto, English),
        "Tuesday, December 1, 2026, 6:30 p.m. to 8:00 p.m. EST"
    );
    assert_eq!(
        dates::meeting(meeting, Tz::America__Toronto, French).replace('\u{a0}', " "),
        "mardi 1er décembre 2026, de 18 h 30 à 20 h HNE"
    );
}

#[test]
fn a_window_is_also_said_in_the_readers_zone_where_that_differs() {
    let window = Window {
        weekday: Weekday::Tue,
        start_minute: 1170,
        end_minute: 1440,
        zone: Tz::America__Vancouver,
    };
    let on = NaiveDate::from_ymd_opt(2026, 11, 25);
    let said =
        |on, reader, language| dates::window(window, on, reader, language).replace('\u{a0}', " ");
    assert_eq!(
        said(on, Tz::America__Vancouver, English),
        "Tuesdays, 7:30 p.m. to 12:00 a.m., Vancouver time"
    );
    assert_eq!(
        said(None, Tz::America__Toronto, English),
        "Tuesdays, 7:30 p.m. to 12:00 a.m., Vancouver time"
    );
    assert_eq!(
        said(on, Tz::America__Toronto, English),
        "Tuesdays, 7:30 p.m. to 12:00 a.m., Vancouver time (Tuesdays, 10:30 p.m. to 3:00 a.m. in your time zone)"
    );
    assert_eq!(
        said(on, Tz::Europe__Paris, French),
        "le mardi de 19 h 30 à 0 h, heure de Vancouver (le mercredi de 4 h 30 à 9 h dans votre fuseau horaire)"
    );
}
