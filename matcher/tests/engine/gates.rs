//! Each gate on both sides of its limit: closed with the smallest change, and open once that change is made.

use chrono::{NaiveDate, Weekday};
use matcher::engine::{Blocked, Change, Evaluation, Gate, GateCode, evaluate};
use matcher::model::{
    Availability, Meeting, OrganizationId, Point, RoleFacts, RoleId, Setting, Standing, TimeOff,
    VolunteerFacts, VolunteerId, WeeklyWindow,
};

use crate::fixture::*;

fn blocked(volunteer: VolunteerFacts, role: RoleFacts) -> Vec<Blocked> {
    let snapshot = snapshot(vec![volunteer], vec![role]);
    let evaluation = evaluate(
        &snapshot,
        &weights(),
        &RoleId::new("r").unwrap(),
        &VolunteerId::new("v").unwrap(),
    )
    .unwrap();
    match evaluation {
        Evaluation::Eligible(_) => Vec::new(),
        Evaluation::Excluded(blocked) => blocked,
    }
}

fn codes(volunteer: VolunteerFacts, role: RoleFacts) -> Vec<GateCode> {
    blocked(volunteer, role)
        .iter()
        .map(|blocked| blocked.gate.code())
        .collect()
}

fn v() -> VolunteerFacts {
    volunteer_facts("v")
}

fn r() -> RoleFacts {
    role_facts("r")
}

#[test]
fn a_pair_that_fits_finds_every_gate_open() {
    assert_eq!(codes(v(), r()), []);
}

#[test]
fn roles_that_take_nobody_are_closed() {
    assert_eq!(
        codes(
            v(),
            RoleFacts {
                is_accepting: false,
                ..r()
            }
        ),
        [GateCode::RoleClosed]
    );
    assert_eq!(
        codes(
            v(),
            RoleFacts {
                seats_open: 0,
                ..r()
            }
        ),
        [GateCode::RoleFull]
    );
    assert_eq!(
        codes(
            v(),
            RoleFacts {
                end_on: today().pred_opt(),
                ..r()
            }
        ),
        [GateCode::RoleOver]
    );
    assert!(
        !codes(
            v(),
            RoleFacts {
                end_on: Some(today()),
                ..r()
            }
        )
        .contains(&GateCode::RoleOver)
    );
}

#[test]
fn volunteers_who_have_enough_are_left_alone() {
    assert_eq!(
        codes(
            VolunteerFacts {
                standing: Standing::Busy,
                ..v()
            },
            r()
        ),
        [GateCode::VolunteerUnavailable]
    );
    let full = VolunteerFacts {
        most_placements: 2,
        current_placements: 2,
        ..v()
    };
    assert_eq!(
        blocked(full, r())[0].change,
        Change::RaisePlacements { to: 3 }
    );
    assert_eq!(
        codes(
            VolunteerFacts {
                most_placements: 3,
                current_placements: 2,
                ..v()
            },
            r()
        ),
        []
    );
}

#[test]
fn a_pause_ends_on_its_date() {
    let paused = |until| VolunteerFacts {
        standing: Standing::Paused { until },
        ..v()
    };
    assert_eq!(codes(paused(Some(today())), r()), []);
    let tomorrow = today().succ_opt();
    assert_eq!(
        blocked(paused(tomorrow), r()),
        [Blocked {
            gate: Gate::VolunteerUnavailable { until: tomorrow },
            change: Change::Resume { on: tomorrow },
        }]
    );
    assert_eq!(
        codes(paused(None), r()),
        [GateCode::VolunteerUnavailable],
        "a pause without a date does not end by itself"
    );
}

#[test]
fn a_conflict_of_interest_has_no_remedy() {
    let insider = VolunteerFacts {
        conflicts: [OrganizationId::new("org").unwrap()].into(),
        ..v()
    };
    assert_eq!(
        blocked(insider, r()),
        [Blocked {
            gate: Gate::Conflict,
            change: Change::None
        }]
    );
}

#[test]
fn the_hours_missing_are_what_opens_the_gate() {
    let short = VolunteerFacts {
        hours_per_week: hours(3),
        ..v()
    };
    assert_eq!(blocked(short, r())[0].change, Change::FindHours { more: 1 });
    assert_eq!(
        codes(
            VolunteerFacts {
                hours_per_week: hours(4),
                ..v()
            },
            r()
        ),
        []
    );
}

#[test]
fn bilingual_people_serve_either_language_and_missing_ones_are_named() {
    let french = RoleFacts {
        required_languages: languages(&["fr"]),
        ..r()
    };
    assert_eq!(codes(v(), french.clone()), []);
    let english_only = VolunteerFacts {
        languages: Some(languages(&["en"])),
        ..v()
    };
    assert_eq!(
        blocked(english_only, french)[0].change,
        Change::AddLanguages {
            languages: languages(&["fr"])
        }
    );
}

#[test]
fn a_must_have_opens_at_the_level_that_the_change_names() {
    let with = |level| VolunteerFacts {
        skills: Some(vec![have("python", level)]),
        ..v()
    };
    let expert = RoleFacts {
        skills: vec![must("python", 5)],
        ..r()
    };
    let Change::AddSkills { skills, .. } = &blocked(with(1), expert.clone())[0].change else {
        panic!("skills")
    };
    assert_eq!(i64::from(skills[0].level), 2);
    assert_eq!(codes(with(2), expert), []);
}

#[test]
fn a_related_skill_may_open_a_must_have_and_a_learning_seat_lets_wishes_in() {
    let ruby = RoleFacts {
        skills: vec![must("ruby", 3)],
        ..r()
    };
    assert_eq!(codes(v(), ruby), []);
    let mapping = RoleFacts {
        skills: vec![must("mapping", 3), nice("sql", 1), nice("python", 1)],
        ..r()
    };
    assert_eq!(codes(v(), mapping.clone()), [GateCode::MustHave]);
    assert_eq!(
        codes(
            v(),
            RoleFacts {
                has_learning_seat: true,
                ..mapping
            }
        ),
        []
    );
}

#[test]
fn the_radius_is_a_limit_and_remote_work_a_choice() {
    let toronto = Point::new(43.6532, -79.3832).unwrap();
    let hamilton = Point::new(43.2557, -79.8711).unwrap();
    let there = RoleFacts {
        setting: Setting::OnSite(Some(hamilton)),
        ..r()
    };
    let within = |radius| VolunteerFacts {
        home: Some(toronto),
        radius_km: Some(radius),
        ..v()
    };
    let Change::WidenRadius { to_km } = blocked(within(40), there.clone())[0].change else {
        panic!("radius")
    };
    assert_eq!(
        codes(within(u16::try_from(to_km).unwrap()), there.clone()),
        []
    );
    assert_eq!(
        codes(within(u16::try_from(to_km).unwrap() - 1), there),
        [GateCode::Place]
    );
    assert_eq!(
        codes(
            VolunteerFacts {
                is_remote_ok: Some(false),
                ..v()
            },
            r()
        ),
        [GateCode::Place]
    );
}

#[test]
fn who_does_not_travel_is_not_proposed_for_a_place_even_in_the_same_town() {
    let hamilton = Point::new(43.2557, -79.8711).unwrap();
    let there = RoleFacts {
        setting: Setting::OnSite(Some(hamilton)),
        ..r()
    };
    let travels = |home, radius| VolunteerFacts {
        home,
        radius_km: Some(radius),
        ..v()
    };
    for home in [Some(hamilton), None] {
        let blocked = blocked(travels(home, 0), there.clone());
        assert_eq!(blocked[0].change, Change::WidenRadius { to_km: 1 });
        assert_eq!(blocked.len(), 1);
        assert_eq!(codes(travels(home, 1), there.clone()), []);
    }
    assert_eq!(codes(travels(Some(hamilton), 0), r()), []);
}

fn free(windows: Vec<matcher::model::WeeklyWindow>, time_off: Vec<TimeOff>) -> VolunteerFacts {
    let availability = Availability {
        zone: chrono_tz::America::Toronto,
        windows,
        time_off,
    };
    VolunteerFacts {
        availability: Some(availability),
        ..v()
    }
}

#[test]
fn the_minutes_missing_are_what_opens_the_meeting_gate() {
    let role = RoleFacts {
        meeting: Some(Meeting {
            zone: chrono_tz::America::Toronto,
            windows: vec![window(Weekday::Tue, 18, 20)],
            minimum_minutes: 60,
        }),
        ..r()
    };
    assert_eq!(
        codes(
            free(vec![window(Weekday::Tue, 19, 22)], Vec::new()),
            role.clone()
        ),
        []
    );
    let late = free(vec![window(Weekday::Tue, 20, 22)], Vec::new());
    assert_eq!(
        blocked(late, role)[0].change,
        Change::FindMeetingTime { more_minutes: 60 }
    );
}

#[test]
fn a_weekly_minimum_is_asked_of_whole_weeks() {
    let from_tuesday = |last: NaiveDate| RoleFacts {
        start_on: NaiveDate::from_ymd_opt(2026, 11, 24),
        end_on: Some(last),
        ..r()
    };
    let december = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
    let hour = |weekday| free(vec![window(weekday, 18, 19)], Vec::new());
    // Nine days have one Thursday: the hour asked a week is there, and no more can be.
    assert_eq!(codes(hour(Weekday::Thu), from_tuesday(december(2))), []);
    // Twelve days have two Tuesdays, but half an hour on each is half an hour a week.
    let half = free(
        vec![WeeklyWindow::new(Weekday::Tue, 18 * 60, 18 * 60 + 30).unwrap()],
        Vec::new(),
    );
    assert_eq!(
        blocked(half, from_tuesday(december(5)))[0].change,
        Change::FindMeetingTime { more_minutes: 30 }
    );
    // Of less than a week the whole minimum is asked, as far as it meets.
    let two_days = from_tuesday(NaiveDate::from_ymd_opt(2026, 11, 25).unwrap());
    assert_eq!(codes(hour(Weekday::Tue), two_days.clone()), []);
    assert_eq!(codes(hour(Weekday::Thu), two_days), [GateCode::Meeting]);
}

#[test]
fn time_off_closes_only_when_it_covers_every_week_looked_at() {
    let day = |days: i64| today() + chrono::TimeDelta::days(days);
    let off = |first: NaiveDate, last| vec![TimeOff::new(first, last).unwrap()];
    let tuesday = vec![window(Weekday::Tue, 18, 21)];
    assert_eq!(
        codes(free(tuesday.clone(), off(today(), day(55))), r()),
        [GateCode::Away]
    );
    assert_eq!(codes(free(tuesday, off(today(), day(54))), r()), []);
}

#[test]
fn what_is_not_known_closes_no_gate_but_too_little_known_is_not_proposed() {
    let stranger = VolunteerFacts::unknown(VolunteerId::new("v").unwrap());
    let [only] = blocked(stranger, r()).try_into().unwrap();
    assert!(matches!(only.gate, Gate::Confidence { .. }));
    let Change::TellUs { about } = only.change else {
        panic!("tell us")
    };
    assert_eq!(about.len(), 3);
}
