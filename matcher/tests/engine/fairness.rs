//! The fairness report of whole rounds: who got how much, who goes on waiting, small organizations, both languages.

use matcher::engine::RoundOptions;
use matcher::engine::fairness::{LanguageGroup, OrganizationSize, fairness};
use matcher::model::{BasisPoints, Locale, OrganizationId, RoleFacts, Standing, VolunteerFacts};

use crate::fixture::*;

fn waited(id: &str, waiting_days: u16) -> VolunteerFacts {
    VolunteerFacts {
        waiting_days,
        ..volunteer_facts(id)
    }
}

fn role_of(id: &str, organization: &str, suggestions_per_seat: u8) -> RoleFacts {
    RoleFacts {
        organization: OrganizationId::new(organization).unwrap(),
        suggestions_per_seat,
        ..role_facts(id)
    }
}

#[test]
fn exposure_and_waits_count_the_available_alone() {
    let paused = VolunteerFacts {
        standing: Standing::Paused { until: None },
        ..waited("paused", 400)
    };
    let full = VolunteerFacts {
        current_placements: 1,
        ..waited("full", 300)
    };
    let stranger = VolunteerFacts {
        skills: Some(vec![have("cooking", 5)]),
        recent_suggestions: 3,
        ..waited("stranger", 90)
    };
    let snapshot = snapshot(
        vec![waited("ada", 10), waited("bo", 20), stranger, paused, full],
        vec![role_of("map", "org", 3)],
    );
    let report = round(&snapshot, &weights(), &RoundOptions::default()).fairness;
    assert_eq!(report.volunteers.members, 3);
    assert_eq!(report.volunteers.with_any, 2);
    // 0, 1, 1: (2 × 5 − 4 × 2) ÷ (3 × 2).
    assert_eq!(report.volunteers.gini.map(BasisPoints::get), Some(3_333));
    // The top tenth of three is one of them: one suggestion of two.
    assert_eq!(
        report.volunteers.top_decile.map(BasisPoints::get),
        Some(5_000)
    );
    // Over time the stranger had three: 1, 1, 3.
    assert_eq!(
        report.volunteers_over_time.gini.map(BasisPoints::get),
        Some(2_667)
    );
    let (before, served, unserved) = (
        report.waits.before.unwrap(),
        report.waits.served.unwrap(),
        report.waits.unserved.unwrap(),
    );
    assert_eq!((before.volunteers, before.mean_days), (3, 40));
    assert_eq!((served.volunteers, served.longest_days), (2, 20));
    assert_eq!((unserved.volunteers, unserved.median_days), (1, 90));
}

#[test]
fn organizations_are_grouped_by_their_open_roles() {
    let mut roles = vec![role_of("lone", "small", 1)];
    roles.extend((0..5).map(|number| role_of(&format!("r{number}"), "large", 1)));
    let closed = RoleFacts {
        is_accepting: false,
        ..role_of("closed", "small", 1)
    };
    roles.push(closed);
    let snapshot = snapshot(vec![volunteer_facts("ada")], roles);
    let report = round(&snapshot, &weights(), &RoundOptions::default()).fairness;
    let [one, many] = report.organizations.as_slice() else {
        panic!("two sizes: {:?}", report.organizations)
    };
    assert_eq!(
        (one.size, one.organizations, one.roles),
        (OrganizationSize::One, 1, 1)
    );
    assert_eq!(
        (many.size, many.organizations, many.roles),
        (OrganizationSize::Many, 1, 5)
    );
    assert_eq!(one.got + many.got, 1, "Ada has room for one");
    let filled = [one.filled, many.filled].map(|filled| filled.unwrap().get());
    assert!(filled == [10_000, 0] || filled == [0, 2_000], "{filled:?}");
}

#[test]
fn languages_are_compared_on_both_sides() {
    let speaks = |id: &str, codes: &[&str]| VolunteerFacts {
        languages: Some(languages(codes)),
        ..volunteer_facts(id)
    };
    let unknown = VolunteerFacts {
        languages: None,
        ..volunteer_facts("unknown")
    };
    let french_role = RoleFacts {
        required_languages: languages(&["fr"]),
        suggestions_per_seat: 5,
        ..role_facts("fr")
    };
    let snapshot = snapshot(
        vec![
            speaks("anne", &["fr"]),
            speaks("ben", &["en"]),
            speaks("cleo", &["en", "fr"]),
            speaks("dina", &["ar"]),
            unknown,
        ],
        vec![french_role],
    );
    let report = round(&snapshot, &weights(), &RoundOptions::default()).fairness;
    let served: Vec<_> = report
        .volunteer_languages
        .iter()
        .map(|group| (group.group, group.members, group.served))
        .collect();
    assert_eq!(
        served,
        [
            (LanguageGroup::English, 1, 0),
            (LanguageGroup::French, 1, 1),
            (LanguageGroup::Both, 1, 1),
            (LanguageGroup::Neither, 1, 0),
            (LanguageGroup::Unknown, 1, 1),
        ]
    );
    let [french] = report.role_languages.as_slice() else {
        panic!("one group: {:?}", report.role_languages)
    };
    assert_eq!(
        (french.group, french.suggestions),
        (LanguageGroup::French, 3)
    );
    assert!(french.mean_score.is_some());
}

#[test]
fn a_round_of_nobody_has_no_shares_and_says_nothing() {
    let report = fairness(&snapshot(Vec::new(), Vec::new()), &[]);
    assert_eq!(report.volunteers.gini, None);
    assert_eq!(report.waits.before, None);
    assert!(report.words(Locale::En).is_empty());
}

#[test]
fn the_report_is_said_in_both_languages() {
    let snapshot = snapshot(vec![waited("ada", 10)], vec![role_of("map", "org", 1)]);
    let report = round(&snapshot, &weights(), &RoundOptions::default()).fairness;
    assert_eq!(
        report.words(Locale::En),
        [
            "1 of 1 available volunteers have a suggestion; the top tenth has 100% of them; Gini 0%",
            "median wait: 10 days (at most 10) before; served 10 days (at most 10); still waiting –",
            "organizations with one open role: 1 of 1 have a suggestion; 100% of what they want",
            "volunteers, English and French: 1 of 1 have a suggestion (100%)",
            "roles, English only: 1 of 1 have a suggestion (100%)",
        ]
    );
    assert_eq!(
        report.words(Locale::Fr),
        [
            "1 bénévoles disponibles sur 1 ont une suggestion; le dixième le mieux servi en a 100 %; Gini 0 %",
            "attente médiane : 10 jours (au plus 10) avant; servis 10 jours (au plus 10); attendent encore –",
            "organismes avec un seul rôle ouvert : 1 sur 1 ont une suggestion; 100 % de ce qu’ils souhaitent",
            "bénévoles, anglais et français : 1 sur 1 ont une suggestion (100 %)",
            "rôles, anglais seulement : 1 sur 1 ont une suggestion (100 %)",
        ]
    );
}
