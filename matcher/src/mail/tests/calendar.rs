//! The calendar: parsable, folded, escaped, stable, and right through changes of the clocks.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use icalendar::{Calendar, CalendarComponent, CalendarDateTime, Component, DatePerhapsTime, Event};

use crate::mail::{CalendarEntry, CalendarError, Kind, Meeting, calendar, preview, tests};

fn entry(zone: Tz, meetings: &[Meeting]) -> CalendarEntry<'_> {
    CalendarEntry {
        id: "placement-1",
        sequence: 0,
        issued_at: "2026-10-20T12:00:00Z".parse().unwrap(),
        zone,
        summary: "Meeting",
        link: "https://marketplace.example/placements/1",
        meetings,
    }
}

fn meeting(starts_at: &str) -> Meeting {
    let starts_at: DateTime<Utc> = starts_at.parse().unwrap();
    Meeting {
        starts_at,
        ends_at: starts_at + TimeDelta::hours(1),
    }
}

fn written(entry: &CalendarEntry) -> String {
    calendar(entry, &tests::sender()).unwrap().unwrap()
}

fn events(text: &str) -> Vec<Event> {
    let calendar: Calendar = text.parse().unwrap();
    calendar
        .components
        .into_iter()
        .filter_map(|component| {
            if let CalendarComponent::Event(event) = component {
                Some(event)
            } else {
                None
            }
        })
        .collect()
}

fn local_start(event: &Event) -> (String, String) {
    match event.get_start() {
        Some(DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, tzid })) => {
            (date_time.to_string(), tzid)
        }
        other => panic!("not a zoned time: {other:?}"),
    }
}

#[test]
fn a_confirmation_has_its_meetings_as_a_calendar() {
    let rendered = preview(Kind::Confirmation, None).unwrap();
    insta::assert_snapshot!(rendered.calendar.unwrap());
}

#[test]
fn a_parser_reads_back_what_was_written() {
    let meetings = [
        meeting("2026-12-01T23:30:00Z"),
        meeting("2026-12-08T23:30:00Z"),
    ];
    let text = written(&CalendarEntry {
        summary: "Rencontre : Développement; test, réseau\\local — Société d'aide alimentaire du Bas-Saint-Laurent",
        sequence: 2,
        ..entry(Tz::America__Toronto, &meetings)
    });
    let events = events(&text);
    assert_eq!(events.len(), 2);
    assert_eq!(
        events[0].get_uid(),
        Some("placement-1-1@marketplace.example")
    );
    assert_eq!(
        events[1].get_uid(),
        Some("placement-1-2@marketplace.example")
    );
    for event in &events {
        assert_eq!(
            event.get_summary(),
            Some(
                "Rencontre : Développement; test, réseau\\local — Société d'aide alimentaire du Bas-Saint-Laurent"
            )
        );
        assert_eq!(event.get_sequence(), Some(2));
        assert_eq!(
            event.get_timestamp(),
            Some("2026-10-20T12:00:00Z".parse().unwrap())
        );
    }
    assert_eq!(
        local_start(&events[0]),
        (
            "2026-12-01 18:30:00".to_owned(),
            "America/Toronto".to_owned()
        )
    );
}

#[test]
fn lines_end_in_crlf_and_have_at_most_75_octets() {
    let meetings = [meeting("2026-12-01T23:30:00Z")];
    let summary = "é".repeat(300);
    let text = written(&CalendarEntry {
        summary: &summary,
        ..entry(Tz::America__Toronto, &meetings)
    });
    assert!(text.ends_with("\r\n"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    assert_eq!(events(&text)[0].get_summary(), Some(summary.as_str()));
}

#[test]
fn no_text_adds_a_line() {
    let meetings = [meeting("2026-12-01T23:30:00Z")];
    let text = written(&CalendarEntry {
        summary: "Meeting\r\nATTENDEE:mailto:eve@example.org\nX:1\rY:2",
        id: "1\r\nX-EVIL:1",
        link: "https://marketplace.example/\r\nX-EVIL:2",
        ..entry(Tz::America__Toronto, &meetings)
    });
    for line in text.split("\r\n") {
        assert!(
            !line.starts_with("ATTENDEE") && !line.starts_with('X') && !line.starts_with('Y'),
            "{line}"
        );
        assert!(!line.contains('\r') && !line.contains('\n'));
    }
}

#[test]
fn local_time_is_kept_through_the_change_of_the_clocks() {
    let meetings = [
        meeting("2026-10-27T22:30:00Z"),
        meeting("2026-11-03T23:30:00Z"),
        meeting("2027-03-16T22:30:00Z"),
    ];
    let text = written(&entry(Tz::America__Toronto, &meetings));
    let starts: Vec<_> = events(&text)
        .iter()
        .map(|event| local_start(event).0)
        .collect();
    assert_eq!(
        starts,
        [
            "2026-10-27 18:30:00",
            "2026-11-03 18:30:00",
            "2027-03-16 18:30:00"
        ]
    );
    for change in [
        "BEGIN:DAYLIGHT\r\nDTSTART:20260308T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT\r\n",
        "BEGIN:STANDARD\r\nDTSTART:20261101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nTZNAME:EST\r\n",
        "BEGIN:DAYLIGHT\r\nDTSTART:20270314T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT\r\n",
    ] {
        assert_eq!(text.matches(change).count(), 1, "{change}\n{text}");
    }
}

#[test]
fn half_hours_and_zones_without_changes_are_written() {
    let meetings = [meeting("2026-12-01T23:30:00Z")];
    let text = written(&entry(Tz::America__St_Johns, &meetings));
    assert!(text.contains(
        "DTSTART:20261101T020000\r\nTZOFFSETFROM:-0230\r\nTZOFFSETTO:-0330\r\nTZNAME:NST\r\n"
    ));
    let text = written(&entry(Tz::America__Regina, &meetings));
    assert_eq!(text.matches("BEGIN:STANDARD").count(), 1);
    assert!(!text.contains("DAYLIGHT"));
}

#[test]
fn the_zone_itself_has_neither_uid_nor_timestamp() {
    let meetings = [meeting("2026-12-01T23:30:00Z")];
    let text = written(&entry(Tz::America__Toronto, &meetings));
    let zone = text
        .split("BEGIN:VTIMEZONE")
        .nth(1)
        .unwrap()
        .split("END:VTIMEZONE")
        .next()
        .unwrap();
    assert!(!zone.contains("UID") && !zone.contains("DTSTAMP"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let meetings = [meeting("2026-12-01T23:30:00Z")];
    let entry = entry(Tz::America__Toronto, &meetings);
    assert_eq!(written(&entry), written(&entry));
}

#[test]
fn no_meeting_gives_no_calendar_and_a_meeting_without_length_is_refused() {
    assert_eq!(calendar(&entry(Tz::UTC, &[]), &tests::sender()), Ok(None));
    let starts_at = "2026-12-01T23:30:00Z".parse().unwrap();
    let empty = [Meeting {
        starts_at,
        ends_at: starts_at,
    }];
    assert_eq!(
        calendar(&entry(Tz::UTC, &empty), &tests::sender()),
        Err(CalendarError::EndsBeforeStart)
    );
}
