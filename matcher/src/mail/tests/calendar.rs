//! The calendars: parsable, folded, escaped, stable, and right through changes of the clocks.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use icalendar::{CalendarComponent, CalendarDateTime, Component, DatePerhapsTime, Event};

use crate::mail::{
    Calendar, CalendarEntry, CalendarError, CalendarMethod, Kind, MeetingPlan, WeeklyMeeting,
    Window, calendars, preview, tests, weekly_meetings,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn window(weekday: Weekday, start_minute: u16, zone: Tz) -> Window {
    Window {
        weekday,
        start_minute,
        end_minute: start_minute + 60,
        zone,
    }
}

fn tuesdays(zone: Tz) -> Vec<WeeklyMeeting> {
    let windows = [window(Weekday::Tue, 18 * 60 + 30, zone)];
    weekly_meetings(&windows, day("2026-10-20"), Some(day("2027-03-31")))
}

fn plan(held: Vec<WeeklyMeeting>) -> MeetingPlan {
    MeetingPlan {
        id: "placement-1".to_owned(),
        sequence: 0,
        issued_at: "2026-10-20T12:00:00Z".parse().unwrap(),
        held,
        withdrawn: Vec::new(),
    }
}

fn entry(plan: &MeetingPlan) -> CalendarEntry<'_> {
    CalendarEntry {
        plan,
        summary: "Meeting",
        description: "One line\nand another",
        link: "https://marketplace.example/placements/1",
    }
}

fn written(entry: &CalendarEntry) -> String {
    let [Calendar { method, text }] = calendars(entry, &tests::sender())
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(method, CalendarMethod::Publish);
    text
}

fn events(text: &str) -> Vec<Event> {
    let calendar: icalendar::Calendar = text.parse().unwrap();
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
fn mails_have_their_meetings_as_calendars() {
    for kind in [
        Kind::Confirmation,
        Kind::PlacementChanged,
        Kind::PlacementEnded,
        Kind::VolunteerLeft,
    ] {
        let calendars = preview(kind, None).unwrap().calendars;
        let texts: Vec<_> = calendars
            .iter()
            .map(|calendar| calendar.text.as_str())
            .collect();
        insta::assert_snapshot!(format!("calendar_of_{kind}"), texts.concat());
    }
}

#[test]
fn a_parser_reads_back_what_was_written() {
    let mut plan = plan(tuesdays(Tz::America__Toronto));
    plan.sequence = 2;
    let summary = "Rencontre : Développement; test, réseau\\local — Société d'aide alimentaire du Bas-Saint-Laurent";
    let text = written(&CalendarEntry {
        summary,
        ..entry(&plan)
    });
    let [event] = events(&text).try_into().unwrap();
    assert_eq!(event.get_uid(), Some("placement-1-1@marketplace.example"));
    assert_eq!(event.get_summary(), Some(summary));
    assert_eq!(event.get_description(), Some("One line\nand another"));
    assert_eq!(event.get_sequence(), Some(2));
    assert_eq!(event.get_timestamp(), Some(plan.issued_at));
    let start = (
        "2026-10-20 18:30:00".to_owned(),
        "America/Toronto".to_owned(),
    );
    assert_eq!(local_start(&event), start);
    // The last day ends at midnight of Toronto's summer time.
    let rule = event.property_value("RRULE");
    assert_eq!(rule, Some("FREQ=WEEKLY;UNTIL=20270401T035959Z;BYDAY=TU"));
}

#[test]
fn lines_end_in_crlf_and_have_at_most_75_octets() {
    let plan = plan(tuesdays(Tz::America__Toronto));
    let of_every_length = (0..200).map(|length| "a".repeat(length));
    let wide = ["é".repeat(300), "🎉".repeat(200), "a b ".repeat(100)];
    for summary in of_every_length.chain(wide) {
        let text = written(&CalendarEntry {
            summary: &summary,
            ..entry(&plan)
        });
        assert!(text.ends_with("\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert_eq!(events(&text)[0].get_summary(), Some(summary.trim()));
    }
}

#[test]
fn no_text_adds_a_line() {
    let plan = MeetingPlan {
        id: "1\r\nX-EVIL:1".to_owned(),
        ..plan(tuesdays(Tz::America__Toronto))
    };
    let text = written(&CalendarEntry {
        summary: "Meeting\r\nATTENDEE:mailto:eve@example.org\nX:1\rY:2",
        description: "Project\r\nX-EVIL:3\rY:4\u{2028}Z",
        link: "https://marketplace.example/\r\nX-EVIL:2",
        ..entry(&plan)
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
fn changes_of_the_clocks_are_yearly_rules_where_they_follow_some() {
    let text = written(&entry(&plan(tuesdays(Tz::America__St_Johns))));
    for change in [
        "BEGIN:DAYLIGHT\r\nDTSTART:20250309T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nTZOFFSETFROM:-0330\r\nTZOFFSETTO:-0230\r\nTZNAME:NDT\r\n",
        "BEGIN:STANDARD\r\nDTSTART:20251102T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nTZOFFSETFROM:-0230\r\nTZOFFSETTO:-0330\r\nTZNAME:NST\r\n",
    ] {
        assert_eq!(text.matches(change).count(), 1, "{change}\n{text}");
    }
    let text = written(&entry(&plan(tuesdays(Tz::Europe__Paris))));
    assert!(
        text.contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"),
        "{text}"
    );
    assert!(
        text.contains("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"),
        "{text}"
    );
    let text = written(&entry(&plan(tuesdays(Tz::America__Regina))));
    assert_eq!(text.matches("BEGIN:STANDARD").count(), 1);
    assert!(!text.contains("DAYLIGHT") && !text.contains("FREQ=YEARLY"));
}

/// Morocco's clocks follow the moon, Israel's the Friday before a last Sunday.
#[test]
fn other_changes_of_the_clocks_are_listed() {
    for zone in [Tz::Africa__Casablanca, Tz::Asia__Jerusalem] {
        let text = written(&entry(&plan(tuesdays(zone))));
        assert!(!text.contains("FREQ=YEARLY"), "{text}");
        assert!(text.matches("BEGIN:STANDARD").count() > 10, "{text}");
        assert!(
            text.split("\r\n")
                .any(|line| line.starts_with("DTSTART:2036")),
            "{text}"
        );
    }
}

#[test]
fn the_zone_itself_has_neither_uid_nor_timestamp() {
    let text = written(&entry(&plan(tuesdays(Tz::America__Toronto))));
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
    let plan = plan(tuesdays(Tz::America__Toronto));
    assert_eq!(written(&entry(&plan)), written(&entry(&plan)));
}

#[test]
fn windows_at_the_same_time_are_one_meeting_whose_number_does_not_depend_on_the_day() {
    let zone = Tz::America__Toronto;
    let windows = [
        window(Weekday::Thu, 10 * 60, zone),
        window(Weekday::Mon, 9 * 60, zone),
        window(Weekday::Tue, 10 * 60, zone),
    ];
    let until = Some(day("2026-11-26"));
    let told = |from: &str| -> Vec<(u32, Vec<Weekday>, String)> {
        weekly_meetings(&windows, day(from), until)
            .into_iter()
            .map(|weekly| (weekly.number, weekly.weekdays, weekly.first.to_string()))
            .collect()
    };
    let (monday, others) = (vec![Weekday::Mon], vec![Weekday::Tue, Weekday::Thu]);
    assert_eq!(
        told("2026-11-18"),
        [
            (1, monday, "2026-11-23".to_owned()),
            (2, others.clone(), "2026-11-19".to_owned())
        ]
    );
    assert_eq!(told("2026-11-25"), [(2, others, "2026-11-26".to_owned())]);
    assert_eq!(told("2026-11-27"), []);
}

#[test]
fn meetings_keep_their_local_time_and_leave_out_what_the_clocks_skip() {
    let zone = Tz::America__Toronto;
    let starts = |weekday, minute, from: &str, until: &str| -> Vec<String> {
        weekly_meetings(
            &[window(weekday, minute, zone)],
            day(from),
            Some(day(until)),
        )
        .iter()
        .flat_map(WeeklyMeeting::occurrences)
        .map(|meeting| meeting.starts_at.to_rfc3339())
        .collect()
    };
    assert_eq!(
        starts(Weekday::Tue, 18 * 60, "2026-10-25", "2026-11-10"),
        [
            "2026-10-27T22:00:00+00:00",
            "2026-11-03T23:00:00+00:00",
            "2026-11-10T23:00:00+00:00"
        ]
    );
    assert_eq!(
        starts(Weekday::Sun, 2 * 60 + 30, "2027-03-14", "2027-03-21"),
        ["2027-03-21T06:30:00+00:00"]
    );
}

#[test]
fn an_evening_may_last_until_midnight() {
    let window = Window {
        end_minute: 1440,
        ..window(Weekday::Tue, 23 * 60, Tz::America__Toronto)
    };
    let plan = plan(weekly_meetings(&[window], day("2026-10-20"), None));
    let text = written(&entry(&plan));
    assert!(
        text.contains("DTEND;TZID=America/Toronto:20261021T000000\r\n"),
        "{text}"
    );
    assert!(text.contains("RRULE:FREQ=WEEKLY;BYDAY=TU\r\n"), "{text}");
}

#[test]
fn a_window_without_length_is_no_meeting() {
    let window = Window {
        end_minute: 540,
        ..window(Weekday::Tue, 540, Tz::America__Toronto)
    };
    assert_eq!(weekly_meetings(&[window], day("2026-10-20"), None), []);
}

#[test]
fn what_is_withdrawn_is_cancelled_one_by_one_beside_what_is_held() {
    let zone = Tz::America__Toronto;
    let windows = [540, 600, 660].map(|minute| window(Weekday::Tue, minute, zone));
    let mut held = weekly_meetings(&windows, day("2026-10-20"), None);
    let plan = MeetingPlan {
        sequence: 1,
        withdrawn: held.split_off(1),
        ..plan(held)
    };
    let written = calendars(&entry(&plan), &tests::sender()).unwrap();
    let told: Vec<_> = written
        .iter()
        .map(|calendar| {
            let [event] = events(&calendar.text).try_into().unwrap();
            let uid = event.get_uid().unwrap().to_owned();
            (
                calendar.method,
                uid,
                event.property_value("STATUS").unwrap().to_owned(),
            )
        })
        .collect();
    let uid = |number: u32| format!("placement-1-{number}@marketplace.example");
    let (publish, cancel) = (CalendarMethod::Publish, CalendarMethod::Cancel);
    assert_eq!(
        told,
        [
            (publish, uid(1), "CONFIRMED".to_owned()),
            (cancel, uid(2), "CANCELLED".to_owned()),
            (cancel, uid(3), "CANCELLED".to_owned()),
        ]
    );
    for calendar in &written {
        let method = format!("METHOD:{}\r\n", calendar.method.as_str());
        assert_eq!(calendar.text.matches(&method).count(), 1);
    }
}

#[test]
fn no_meeting_gives_no_calendar_and_one_that_is_never_held_is_refused() {
    let sender = tests::sender();
    assert_eq!(
        calendars(&entry(&plan(Vec::new())), &sender),
        Ok(Vec::new())
    );
    let mut never = tuesdays(Tz::America__Toronto);
    never[0].until = Some(day("2026-10-19"));
    let refused = calendars(&entry(&plan(never)), &sender);
    assert_eq!(refused, Err(CalendarError::NotHeld));
}
