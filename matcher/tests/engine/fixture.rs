//! Short ways to write volunteers, roles and snapshots.

use chrono::{NaiveDate, Weekday};
use matcher::engine::{Round, RoundOptions};
use matcher::model::{
    Availability, BasisPoints, CauseId, Hours, LanguageCode, Level, Meeting, NeedKind, NeedWeight,
    OrganizationId, Role, RoleFacts, RoleId, Set, SkillHave, SkillId, SkillNeed, SkillRelation,
    Snapshot, SnapshotFacts, Taxonomy, Volunteer, VolunteerFacts, VolunteerId, WeeklyWindow,
    Weights, Years,
};

/// A Sunday; the weeks that follow have no change of the clock in Canada.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

pub(crate) fn weights() -> Weights {
    Weights::embedded().unwrap()
}

pub(crate) fn skill(id: &str) -> SkillId {
    SkillId::new(id).unwrap()
}

pub(crate) fn causes(ids: &[&str]) -> Set<CauseId> {
    ids.iter().map(|id| CauseId::new(id).unwrap()).collect()
}

pub(crate) fn languages(codes: &[&str]) -> Set<LanguageCode> {
    codes
        .iter()
        .map(|code| LanguageCode::new(code).unwrap())
        .collect()
}

pub(crate) fn hours(number: i64) -> Option<Hours> {
    Hours::new(number).ok()
}

pub(crate) fn window(weekday: Weekday, start_hour: i64, end_hour: i64) -> WeeklyWindow {
    WeeklyWindow::new(weekday, start_hour * 60, end_hour * 60).unwrap()
}

pub(crate) fn have(id: &str, level: i64) -> SkillHave {
    SkillHave {
        skill: skill(id),
        level: Some(Level::new(level).unwrap()),
        years: Some(Years::new(4).unwrap()),
    }
}

pub(crate) fn must(id: &str, level: i64) -> SkillNeed {
    SkillNeed {
        skill: skill(id),
        kind: NeedKind::MustHave,
        level: Level::new(level).unwrap(),
        weight: NeedWeight::default(),
    }
}

pub(crate) fn nice(id: &str, level: i64) -> SkillNeed {
    SkillNeed {
        kind: NeedKind::NiceToHave,
        ..must(id, level)
    }
}

/// A volunteer who fits [`role_facts`] in everything.
pub(crate) fn volunteer_facts(id: &str) -> VolunteerFacts {
    VolunteerFacts {
        skills: Some(vec![have("python", 4), have("sql", 3)]),
        wants_to_learn: Some([skill("mapping")].into()),
        hours_per_week: hours(6),
        availability: Some(Availability {
            zone: chrono_tz::America::Toronto,
            windows: vec![window(Weekday::Tue, 18, 21), window(Weekday::Sat, 9, 12)],
            time_off: Vec::new(),
        }),
        languages: Some(languages(&["en", "fr"])),
        is_remote_ok: Some(true),
        causes: Some(causes(&["housing", "climate"])),
        ..VolunteerFacts::unknown(VolunteerId::new(id).unwrap())
    }
}

pub(crate) fn role_facts(id: &str) -> RoleFacts {
    RoleFacts {
        skills: vec![must("python", 3), nice("sql", 2), nice("mapping", 2)],
        hours_per_week: hours(4),
        meeting: Some(Meeting {
            zone: chrono_tz::America::Toronto,
            windows: vec![window(Weekday::Tue, 18, 20), window(Weekday::Thu, 18, 20)],
            minimum_minutes: 60,
        }),
        required_languages: languages(&["en"]),
        preferred_languages: languages(&["fr"]),
        causes: causes(&["housing"]),
        ..RoleFacts::open(
            RoleId::new(id).unwrap(),
            OrganizationId::new("org").unwrap(),
        )
    }
}

pub(crate) fn volunteer(facts: VolunteerFacts) -> Volunteer {
    Volunteer::new(facts).unwrap()
}

pub(crate) fn role(facts: RoleFacts) -> Role {
    Role::new(facts).unwrap()
}

pub(crate) fn snapshot_facts(
    volunteers: Vec<VolunteerFacts>,
    roles: Vec<RoleFacts>,
) -> SnapshotFacts {
    SnapshotFacts {
        volunteers: volunteers.into_iter().map(volunteer).collect(),
        roles: roles.into_iter().map(role).collect(),
        taxonomy: Taxonomy::new([SkillRelation {
            a: skill("python"),
            b: skill("ruby"),
            weight: BasisPoints::new(8_000).unwrap(),
        }])
        .unwrap(),
        ..SnapshotFacts::empty(today())
    }
}

pub(crate) fn snapshot(volunteers: Vec<VolunteerFacts>, roles: Vec<RoleFacts>) -> Snapshot {
    Snapshot::new(snapshot_facts(volunteers, roles)).unwrap()
}

/// The round of a snapshot that is small enough for one.
pub(crate) fn round(snapshot: &Snapshot, weights: &Weights, options: &RoundOptions) -> Round {
    matcher::engine::round(snapshot, weights, options).unwrap()
}
