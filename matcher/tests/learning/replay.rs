//! A past round again, with the same weights and with others.

use std::collections::BTreeMap;

use matcher::engine::RoundOptions;
use matcher::learning::{Answer, Outcome, replay};
use matcher::model::{
    BasisPoints, Level, Locale, NeedKind, NeedWeight, OrganizationId, Role, RoleFacts, RoleId,
    SkillHave, SkillId, SkillNeed, Snapshot, SnapshotFacts, Volunteer, VolunteerFacts, VolunteerId,
    Weights, Years,
};

fn volunteer(id: &str, skill: &str, years: i64, waiting_days: u16) -> Volunteer {
    Volunteer::new(VolunteerFacts {
        skills: Some(vec![SkillHave {
            skill: SkillId::new(skill).unwrap(),
            level: Level::new(5).ok(),
            years: Years::new(years).ok(),
        }]),
        waiting_days,
        ..VolunteerFacts::unknown(VolunteerId::new(id).unwrap())
    })
    .unwrap()
}

/// One seat. Ada is a little better, by years of practice; Bo has waited long.
fn one_seat() -> Snapshot {
    let need = |skill: &str| SkillNeed {
        skill: SkillId::new(skill).unwrap(),
        kind: NeedKind::NiceToHave,
        level: Level::new(3).unwrap(),
        weight: NeedWeight::default(),
    };
    let role = Role::new(RoleFacts {
        skills: vec![need("python"), need("sql")],
        suggestions_per_seat: 1,
        ..RoleFacts::open(
            RoleId::new("map").unwrap(),
            OrganizationId::new("org").unwrap(),
        )
    })
    .unwrap();
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    Snapshot::new(SnapshotFacts {
        volunteers: vec![
            volunteer("ada", "python", 5, 0),
            volunteer("bo", "sql", 4, 300),
        ],
        roles: vec![role],
        ..SnapshotFacts::empty(as_of)
    })
    .unwrap()
}

fn lenient() -> Weights {
    let text = Weights::embedded_text()
        .replace("minimum_confidence = 4000", "minimum_confidence = 0")
        .replace("minimum_score = 2000", "minimum_score = 0");
    Weights::from_toml(&text).unwrap()
}

#[test]
fn the_same_weights_lose_nothing() {
    let same = replay(
        &one_seat(),
        &RoundOptions::default(),
        &lenient(),
        &lenient(),
        &[],
    )
    .unwrap();
    assert_eq!(
        (same.kept.len(), same.lost.len(), same.gained.len()),
        (1, 0, 0)
    );
    assert_eq!(same.before, same.after);
}

#[test]
fn other_weights_show_whom_they_would_not_have_proposed_and_what_became_of_them() {
    // With a bonus for waiting Bo is taken, without it Ada.
    let mut impatient = lenient();
    impatient.adjustment.waiting_most = 0;
    let outcome = Outcome {
        role: RoleId::new("map").unwrap(),
        volunteer: VolunteerId::new("bo").unwrap(),
        score: BasisPoints::LEAST,
        deductions: BasisPoints::LEAST,
        values: BTreeMap::new(),
        answer: Answer::Completed,
        reason: None,
    };
    let difference = replay(
        &one_seat(),
        &RoundOptions::default(),
        &lenient(),
        &impatient,
        &[outcome],
    )
    .unwrap();
    assert_eq!(difference.kept, []);
    assert_eq!(difference.lost[0].1.as_str(), "bo");
    assert_eq!(difference.gained[0].1.as_str(), "ada");
    assert_eq!(difference.answers_of_lost[&Answer::Completed], 1);
    assert!(difference.answers_of_kept.is_empty());
    assert!(difference.before.valued_by_before > difference.after.valued_by_before);
    assert_eq!(
        difference.words(Locale::En)[..2],
        [
            "2026-11 → 2026-11: 0 pairings kept, 1 lost, 1 gained",
            "of those lost, 1 were completed"
        ]
    );
}
