//! Explanations in both languages, as people read them.

use chrono::Weekday;
use matcher::engine::{Evaluation, Fit, IdLabels, evaluate};
use matcher::model::{
    Availability, Locale, Meeting, RoleFacts, RoleId, VolunteerFacts, VolunteerId, WeeklyWindow,
};

use crate::fixture::*;

fn evaluation(volunteer: VolunteerFacts, role: RoleFacts) -> Evaluation {
    let snapshot = snapshot(vec![volunteer], vec![role]);
    evaluate(
        &snapshot,
        &weights(),
        &RoleId::new("r").unwrap(),
        &VolunteerId::new("v").unwrap(),
    )
    .unwrap()
}

fn fit_of(volunteer: VolunteerFacts, role: RoleFacts) -> Fit {
    match evaluation(volunteer, role) {
        Evaluation::Eligible(fit) => fit,
        Evaluation::Excluded(blocked) => panic!("{blocked:?}"),
    }
}

fn fit() -> Fit {
    fit_of(volunteer_facts("v"), role_facts("r"))
}

#[test]
fn a_fit_is_said_in_one_line() {
    assert_eq!(
        fit().summary(Locale::En, &IdLabels),
        "2 of 3 skills; Tuesday evening fits; 1 cause in common: housing; can learn mapping"
    );
    assert!(
        fit()
            .summary(Locale::Fr, &IdLabels)
            .starts_with("2 compétences sur 3; le mardi soir convient; 1 cause en commun")
    );
}

#[test]
fn each_factor_has_its_sentence() {
    let english = fit().reasons(Locale::En, &IdLabels);
    for expected in [
        "must-have skills: 1/1 (python)",
        "nice-to-have skills: 1/2 (sql); lacks mapping",
        "practice: python (4 years) and sql (4 years)",
        "Tuesday evening fits: 2 h a week in common",
        "4 h a week asked, 6 h left",
        "remote work suits",
        "speaks English and French",
    ] {
        assert!(
            english.iter().any(|reason| reason == expected),
            "{expected} in {english:#?}"
        );
    }
    let french = fit().reasons(Locale::Fr, &IdLabels);
    assert_eq!(french.len(), english.len());
    assert!(
        french
            .iter()
            .any(|reason| reason == "pratique : python (4 ans) et sql (4 ans)"),
        "{french:#?}"
    );
}

#[test]
fn a_closed_gate_says_what_would_open_it() {
    let short = VolunteerFacts {
        hours_per_week: hours(3),
        ..volunteer_facts("v")
    };
    let Evaluation::Excluded(blocked) = evaluation(short, role_facts("r")) else {
        panic!("excluded")
    };
    let said = |locale| blocked[0].words(locale, &IdLabels);
    assert_eq!(
        said(Locale::En),
        "4 h a week asked, 3 h left → find 1 more hour a week"
    );
    assert_eq!(
        said(Locale::Fr),
        "4 h par semaine demandées, 3 h disponibles → trouver 1 heure de plus par semaine"
    );
}

/// A volunteer who lacks the must-have "mapping", and the change that would help.
fn to_learn_mapping(has_learning_seat: bool, wishes: &[&str]) -> [String; 2] {
    let volunteer = VolunteerFacts {
        wants_to_learn: Some(wishes.iter().map(|wish| skill(wish)).collect()),
        ..volunteer_facts("v")
    };
    let role = RoleFacts {
        skills: vec![must("mapping", 3)],
        has_learning_seat,
        ..role_facts("r")
    };
    let Evaluation::Excluded(blocked) = evaluation(volunteer, role) else {
        panic!("excluded")
    };
    [Locale::En, Locale::Fr].map(|locale| blocked[0].change.words(locale, &IdLabels).unwrap())
}

#[test]
fn learning_on_the_way_names_what_it_lacks_and_not_what_is_there() {
    assert_eq!(
        to_learn_mapping(true, &[]),
        [
            "add mapping (level 1), or wish to learn mapping",
            "ajouter mapping (niveau 1), ou souhaiter apprendre mapping",
        ]
    );
    assert_eq!(
        to_learn_mapping(false, &["mapping"]),
        [
            "add mapping (level 1), or open a learning seat",
            "ajouter mapping (niveau 1), ou ouvrir une place d’apprentissage",
        ]
    );
    assert_eq!(
        to_learn_mapping(false, &["sql"])[0],
        "add mapping (level 1), or open a learning seat and wish to learn mapping"
    );
}

/// The one-line reason of a volunteer free on Tuesday evening, where the role meets from noon.
fn noon_and_evening(zone: chrono_tz::Tz, evening: WeeklyWindow, locale: Locale) -> String {
    let volunteer = VolunteerFacts {
        availability: Some(Availability {
            zone,
            windows: vec![evening],
            time_off: Vec::new(),
        }),
        ..volunteer_facts("v")
    };
    let role = RoleFacts {
        meeting: Some(Meeting {
            zone: chrono_tz::America::Toronto,
            windows: vec![window(Weekday::Tue, 12, 21)],
            minimum_minutes: 60,
        }),
        ..role_facts("r")
    };
    fit_of(volunteer, role).summary(locale, &IdLabels)
}

#[test]
fn the_time_that_fits_is_the_time_in_common_and_names_the_clock_where_two_differ() {
    let evening = window(Weekday::Tue, 18, 21);
    let toronto = noon_and_evening(chrono_tz::America::Toronto, evening, Locale::En);
    assert!(toronto.contains("; Tuesday evening fits;"), "{toronto}");
    let afternoon = window(Weekday::Tue, 15, 18);
    let vancouver = noon_and_evening(chrono_tz::America::Vancouver, afternoon, Locale::En);
    assert!(
        vancouver.contains("; Tuesday evening (Toronto time) fits;"),
        "{vancouver}"
    );
    let french = noon_and_evening(chrono_tz::America::Vancouver, afternoon, Locale::Fr);
    assert!(
        french.contains("; le mardi soir (heure locale : Toronto) convient;"),
        "{french}"
    );
}

#[test]
fn skills_below_the_level_asked_or_only_related_are_met_in_part() {
    let with = |skills, needs, locale| {
        let volunteer = VolunteerFacts {
            skills: Some(skills),
            ..volunteer_facts("v")
        };
        let role = RoleFacts {
            skills: needs,
            ..role_facts("r")
        };
        let summary = fit_of(volunteer, role).summary(locale, &IdLabels);
        let end = summary.find(';').unwrap();
        summary[..end].trim_end().to_owned()
    };
    let below = || (vec![have("python", 1)], vec![must("python", 4)]);
    let (skills, needs) = below();
    assert_eq!(with(skills, needs, Locale::En), "1 of 1 skill in part");
    let (skills, needs) = below();
    assert_eq!(
        with(skills, needs, Locale::Fr),
        "1 compétence sur 1 en partie"
    );
    let related = with(vec![have("python", 5)], vec![must("ruby", 3)], Locale::En);
    assert_eq!(related, "1 of 1 skill in part");
    let mixed = with(
        vec![have("python", 3), have("sql", 1)],
        vec![must("python", 3), nice("sql", 3), nice("design", 3)],
        Locale::En,
    );
    assert_eq!(mixed, "1 of 3 skills, 1 in part");
}
