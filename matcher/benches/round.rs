//! How long does a whole round take: every pair scored, the optimum assigned, what is left accounted for?
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "criterion's macros make undocumented functions; a bench may panic"
)]

use chrono::{NaiveDate, Weekday};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use matcher::engine::{RoundOptions, round};
use matcher::model::{
    Availability, Hours, LanguageCode, Level, Meeting, NeedKind, NeedWeight, OrganizationId, Role,
    RoleFacts, RoleId, SkillHave, SkillId, SkillNeed, Snapshot, SnapshotFacts, Volunteer,
    VolunteerFacts, VolunteerId, WeeklyWindow, Weights,
};

/// A small generator of its own (Knuth's MMIX constants), so that the workload never changes with a library.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn number(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).unwrap()
    }

    fn skill(&mut self) -> SkillId {
        // The least of two draws: some skills are common, many are rare.
        SkillId::new(&format!("s{}", self.below(120).min(self.below(120)))).unwrap()
    }

    fn windows(&mut self, count: usize) -> Vec<WeeklyWindow> {
        (0..count)
            .map(|_| {
                let day = Weekday::try_from(u8::try_from(self.below(7)).unwrap()).unwrap();
                let start = 17 * 60 + self.number(4) * 30;
                WeeklyWindow::new(day, start, start + 150).unwrap()
            })
            .collect()
    }
}

fn volunteer(number: usize, draw: &mut Draw) -> Volunteer {
    let mut skills: Vec<SkillHave> = (0..6)
        .map(|_| SkillHave {
            skill: draw.skill(),
            level: Level::new(1 + draw.number(5)).ok(),
            years: None,
        })
        .collect();
    skills.sort_by(|a, b| a.skill.cmp(&b.skill));
    skills.dedup_by(|a, b| a.skill == b.skill);
    let zones = [
        chrono_tz::America::Toronto,
        chrono_tz::America::Vancouver,
        chrono_tz::America::St_Johns,
    ];
    let zone = zones[usize::try_from(draw.below(3)).unwrap()];
    Volunteer::new(VolunteerFacts {
        skills: Some(skills),
        hours_per_week: Hours::new(2 + draw.number(8)).ok(),
        availability: Some(Availability {
            zone,
            windows: draw.windows(4),
            time_off: Vec::new(),
        }),
        languages: Some(
            [LanguageCode::ENGLISH, LanguageCode::FRENCH]
                .into_iter()
                .take(1 + number % 2)
                .collect(),
        ),
        is_remote_ok: Some(true),
        most_placements: 1 + u8::try_from(draw.below(3)).unwrap(),
        ..VolunteerFacts::unknown(VolunteerId::new(&format!("v{number}")).unwrap())
    })
    .unwrap()
}

fn role(number: usize, draw: &mut Draw) -> Role {
    let mut skills: Vec<SkillNeed> = [
        NeedKind::MustHave,
        NeedKind::NiceToHave,
        NeedKind::NiceToHave,
    ]
    .map(|kind| SkillNeed {
        skill: draw.skill(),
        kind,
        level: Level::new(2 + draw.number(3)).unwrap(),
        weight: NeedWeight::default(),
    })
    .to_vec();
    skills.sort_by(|a, b| a.skill.cmp(&b.skill));
    skills.dedup_by(|a, b| a.skill == b.skill);
    Role::new(RoleFacts {
        skills,
        hours_per_week: Hours::new(2 + draw.number(4)).ok(),
        meeting: Some(Meeting {
            zone: chrono_tz::America::Toronto,
            windows: draw.windows(3),
            minimum_minutes: 60,
        }),
        required_languages: [LanguageCode::ENGLISH].into(),
        seats_open: 1 + u16::try_from(draw.below(3)).unwrap(),
        ..RoleFacts::open(
            RoleId::new(&format!("r{number}")).unwrap(),
            OrganizationId::new("o").unwrap(),
        )
    })
    .unwrap()
}

fn snapshot(volunteers: usize, roles: usize) -> Snapshot {
    let mut draw = Draw(42);
    Snapshot::new(SnapshotFacts {
        volunteers: (0..volunteers)
            .map(|number| volunteer(number, &mut draw))
            .collect(),
        roles: (0..roles).map(|number| role(number, &mut draw)).collect(),
        ..SnapshotFacts::empty(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap())
    })
    .unwrap()
}

fn rounds(criterion: &mut Criterion) {
    let weights = Weights::embedded().unwrap();
    let mut group = criterion.benchmark_group("round");
    group.sample_size(10);
    for (volunteers, roles) in [(300, 100), (3_000, 500)] {
        let snapshot = snapshot(volunteers, roles);
        group.bench_function(
            BenchmarkId::from_parameter(format!("{volunteers}x{roles}")),
            |bencher| {
                bencher.iter(|| round(&snapshot, &weights, &RoundOptions::default()));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, rounds);
criterion_main!(benches);
