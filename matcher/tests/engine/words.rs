//! Explanations in both languages, as people read them.

use matcher::engine::{Evaluation, Fit, IdLabels, evaluate};
use matcher::model::{Locale, RoleFacts, RoleId, VolunteerFacts, VolunteerId};

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

fn fit() -> Fit {
    match evaluation(volunteer_facts("v"), role_facts("r")) {
        Evaluation::Eligible(fit) => fit,
        Evaluation::Excluded(blocked) => panic!("{blocked:?}"),
    }
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
            .starts_with("2 compétences sur 3 ; le mardi soir convient ; 1 cause en commun")
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
