//! Every kind of calendar, in both languages, three zones, and whatever people write.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use matcher::mail::{
    Calendar, Kind, Language, MeetingPlan, Message, Recipient, RoleSummary, Sender, Text, Window,
    render, sample, sample_recipient, sample_sender, weekly_meetings,
};

use super::{Given, PROPERTIES, Read, read};

/// What people write, and the one line that is left of it.
fn titles() -> Vec<(String, String)> {
    let same = |text: &str| (text.to_owned(), text.to_owned());
    let becomes = |text: &str, line: &str| (text.to_owned(), line.to_owned());
    vec![
        same("Design, build; test: a \"site\", c:\\new\\, 100 % ^n"),
        same("Éléonore 👩\u{200d}💻🇨🇦, l’œuvre — naïve"),
        becomes(
            "One line\nand another\r\nand\ta third",
            "One line and another and a third",
        ),
        becomes(
            "Cook\r\nATTENDEE:mailto:eve@example.org\r\nEND:VEVENT\rBEGIN:VALARM\u{2028}X-EVIL:1\n METHOD:REQUEST",
            "Cook ATTENDEE:mailto:eve@example.org END:VEVENT BEGIN:VALARM X-EVIL:1 METHOD:REQUEST",
        ),
        same(&"é🎉".repeat(100)),
        same(&"a,;\\".repeat(50)),
    ]
}

/// Starts on Tuesdays at half past six in the evening, over the change of the clocks in November and in 2031.
const ZONES: [(Tz, [&str; 5], [&str; 5]); 3] = [
    (
        Tz::America__Toronto,
        [
            "2026-10-20T22:30:00Z",
            "2026-10-27T22:30:00Z",
            "2026-11-03T23:30:00Z",
            "2026-11-10T23:30:00Z",
            "2026-11-17T23:30:00Z",
        ],
        [
            "2031-02-25T23:30:00Z",
            "2031-03-04T23:30:00Z",
            "2031-03-11T22:30:00Z",
            "2031-03-18T22:30:00Z",
            "2031-03-25T22:30:00Z",
        ],
    ),
    (
        Tz::America__St_Johns,
        [
            "2026-10-20T21:00:00Z",
            "2026-10-27T21:00:00Z",
            "2026-11-03T22:00:00Z",
            "2026-11-10T22:00:00Z",
            "2026-11-17T22:00:00Z",
        ],
        [
            "2031-02-25T22:00:00Z",
            "2031-03-04T22:00:00Z",
            "2031-03-11T21:00:00Z",
            "2031-03-18T21:00:00Z",
            "2031-03-25T21:00:00Z",
        ],
    ),
    (
        Tz::America__Regina,
        [
            "2026-10-21T00:30:00Z",
            "2026-10-28T00:30:00Z",
            "2026-11-04T00:30:00Z",
            "2026-11-11T00:30:00Z",
            "2026-11-18T00:30:00Z",
        ],
        [
            "2031-02-26T00:30:00Z",
            "2031-03-05T00:30:00Z",
            "2031-03-12T00:30:00Z",
            "2031-03-19T00:30:00Z",
            "2031-03-26T00:30:00Z",
        ],
    ),
];

fn tuesdays(zone: Tz) -> MeetingPlan {
    let window = Window {
        weekday: Weekday::Tue,
        start_minute: 18 * 60 + 30,
        end_minute: 20 * 60,
        zone,
    };
    let from = NaiveDate::from_ymd_opt(2026, 10, 20).unwrap();
    MeetingPlan {
        id: "placement-1".to_owned(),
        sequence: 0,
        issued_at: "2026-10-19T12:00:00Z".parse().unwrap(),
        held: weekly_meetings(&[window], from, None),
        withdrawn: Vec::new(),
    }
}

/// The first calendar, one that replaces it, and one that takes it back.
fn messages(zone: Tz, title: &str) -> Vec<Message> {
    let role = RoleSummary {
        title: Text::bilingual(title, title),
        project: Text::bilingual(title, title),
        organization: Text::name(title),
    };
    let first = tuesdays(zone);
    let changed = MeetingPlan {
        sequence: 1,
        ..first.clone()
    };
    let ended = MeetingPlan {
        sequence: 2,
        held: Vec::new(),
        withdrawn: first.held.clone(),
        ..first.clone()
    };
    [
        Kind::Confirmation,
        Kind::PlacementChanged,
        Kind::PlacementEnded,
    ]
    .map(|kind| match sample(kind).unwrap() {
        Message::Confirmation(mut mail) => {
            (mail.role, mail.meetings) = (role.clone(), first.clone());
            Message::Confirmation(mail)
        }
        Message::PlacementChanged(mut mail) => {
            (mail.role, mail.meetings) = (role.clone(), changed.clone());
            Message::PlacementChanged(mail)
        }
        Message::PlacementEnded(mut mail) => {
            (mail.role, mail.meetings) = (role.clone(), ended.clone());
            Message::PlacementEnded(mail)
        }
        other => panic!("{other:?}"),
    })
    .to_vec()
}

fn calendar(message: &Message, language: Option<Language>, sender: &Sender) -> Calendar {
    let recipient = Recipient {
        language,
        ..sample_recipient().unwrap()
    };
    let [calendar] = render(message, &recipient, sender)
        .unwrap()
        .calendars
        .try_into()
        .unwrap();
    calendar
}

fn summary(language: Option<Language>, line: &str) -> String {
    let english = format!("Meeting: {line}, {line}");
    let french = format!("Rencontre\u{a0}: {line}, {line}");
    match language {
        Some(Language::English) => english,
        Some(Language::French) => french,
        None => format!("{english} / {french}"),
    }
}

fn description(language: Option<Language>, line: &str, link: &str) -> String {
    let english = format!("Project: {line}");
    let french = format!("Projet\u{a0}: {line}");
    match language {
        Some(Language::English) => format!("{english}\n{link}"),
        Some(Language::French) => format!("{french}\n{link}"),
        None => format!("{english}\n{french}\n{link}"),
    }
}

#[tokio::test]
async fn every_kind_of_calendar_says_to_others_what_it_means() {
    let sender = Sender {
        name: "Marché: \"civique\"; aide, etc.\r\nX-EVIL:1".to_owned(),
        ..sample_sender().unwrap()
    };
    let link = "https://marketplace.example";
    let (mut given, mut meant) = (Vec::new(), Vec::new());
    for (zone, near, far) in ZONES {
        for language in [Some(Language::English), Some(Language::French), None] {
            for (title, line) in titles() {
                for (sequence, message) in (0..).zip(messages(zone, &title)) {
                    let calendar = calendar(&message, language, &sender);
                    for (after, starts) in [
                        ("2026-10-01T00:00:00Z", near),
                        ("2031-02-23T00:00:00Z", far),
                    ] {
                        given.push(Given {
                            text: calendar.text.clone(),
                            after: after.to_owned(),
                        });
                        meant.push(Read {
                            method: ["PUBLISH", "PUBLISH", "CANCEL"][sequence].to_owned(),
                            components: vec!["vtimezone".to_owned(), "vevent".to_owned()],
                            zones: vec![zone.name().to_owned()],
                            events: vec![super::Event {
                                uid: "placement-1-1@marketplace.example".to_owned(),
                                sequence: u32::try_from(sequence).unwrap(),
                                status: ["CONFIRMED", "CONFIRMED", "CANCELLED"][sequence]
                                    .to_owned(),
                                summary: summary(language, &line),
                                description: description(language, &line, link),
                                url: link.to_owned(),
                                organizer: (
                                    "mailto:hello@marketplace.example".to_owned(),
                                    "Marché: 'civique'; aide, etc. X-EVIL:1".to_owned(),
                                ),
                                stamp: "2026-10-19T12:00:00Z".to_owned(),
                                until: None,
                                minutes: 90.0,
                                properties: PROPERTIES.map(str::to_owned).to_vec(),
                                starts: starts.map(str::to_owned).to_vec(),
                            }],
                        });
                    }
                }
            }
        }
    }
    for given in &given {
        let lines: Vec<_> = given.text.split("\r\n").collect();
        assert!(
            lines
                .iter()
                .all(|line| line.len() <= 75 && !line.contains(['\r', '\n']))
        );
    }
    for (found, meant) in read(given).await.into_iter().zip(meant) {
        assert_eq!(found, meant);
    }
}

/// Zones whose clocks change by another rule, or by none, read like those of the program that wrote them.
#[tokio::test]
async fn others_read_every_kind_of_zone_right() {
    let zones = [
        Tz::America__Vancouver,
        Tz::America__Halifax,
        Tz::America__Whitehorse,
        Tz::Europe__Paris,
        Tz::Europe__Dublin,
        Tz::Asia__Kathmandu,
        Tz::Asia__Jerusalem,
        Tz::Africa__Casablanca,
        Tz::Australia__Lord_Howe,
        Tz::America__Havana,
        Tz::UTC,
    ];
    let months = [
        "2026-10-20T00:00:00Z",
        "2027-03-01T00:00:00Z",
        "2029-10-20T00:00:00Z",
    ];
    let (mut given, mut meant) = (Vec::new(), Vec::new());
    for zone in zones {
        let mut plan = tuesdays(zone);
        plan.held[0].until = NaiveDate::from_ymd_opt(2029, 11, 13);
        let mut message = messages(zone, "Cook").remove(0);
        if let Message::Confirmation(mail) = &mut message {
            mail.meetings = plan.clone();
        }
        let calendar = calendar(&message, None, &sample_sender().unwrap());
        for after in months {
            given.push(Given {
                text: calendar.text.clone(),
                after: after.to_owned(),
            });
            let starts = plan.held[0].occurrences().map(|meeting| meeting.starts_at);
            let starts: Vec<String> = starts
                .map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
                .filter(|at| at.as_str() >= after)
                .take(5)
                .collect();
            meant.push((zone, starts));
        }
    }
    for (found, (zone, starts)) in read(given).await.into_iter().zip(meant) {
        assert_eq!(found.events[0].starts, starts, "{zone}");
        assert!(found.events[0].until.is_some());
    }
}
