//! Random snapshots: few skills, places and hours, so that pairs are often near a gate; anything may be unknown.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use crate::model::{
    Availability, BasisPoints, CauseId, Hours, LanguageCode, Level, Meeting, NeedKind, NeedWeight,
    OrganizationId, Pin, Point, Prohibition, ProhibitionCause, Role, RoleFacts, RoleId, Set,
    Setting, SkillHave, SkillId, SkillNeed, SkillRelation, Snapshot, SnapshotFacts, Standing,
    Taxonomy, TimeOff, Volunteer, VolunteerFacts, VolunteerId, WeeklyWindow, Weights, Years,
};

const ZONES: [Tz; 6] = [
    Tz::America__Toronto,
    Tz::America__Vancouver,
    Tz::America__St_Johns,
    Tz::America__Montreal,
    Tz::Asia__Kolkata,
    Tz::Asia__Kathmandu,
];

/// Ottawa, Gatineau, Montréal, St. John's: near and far.
const PLACES: [(f64, f64); 4] = [
    (45.42, -75.70),
    (45.48, -75.65),
    (45.50, -73.57),
    (47.56, -52.71),
];

/// A generator of its own (Knuth's MMIX constants), so that a seed means the same snapshot for ever.
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

    fn is_one_in(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }

    /// Something, or one time in `limit` nothing.
    fn known<T>(&mut self, limit: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.is_one_in(limit)).then(|| make(self))
    }

    fn set<T: Ord>(&mut self, most: u64, make: impl Fn(&mut Self) -> T) -> BTreeSet<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    fn skill(&mut self) -> SkillId {
        SkillId::new(&format!("s{}", self.below(9))).unwrap()
    }

    fn cause(&mut self) -> CauseId {
        // More than 64 causes, so that sets of numbers leave their first word.
        let often = if self.is_one_in(2) { 4 } else { 90 };
        CauseId::new(&format!("c{}", self.below(often))).unwrap()
    }

    fn language(&mut self) -> LanguageCode {
        LanguageCode::new(self.of(&["en", "fr", "iu"])).unwrap()
    }

    fn level(&mut self) -> Level {
        Level::new(1 + self.number(5)).unwrap()
    }

    fn organization(&mut self) -> OrganizationId {
        OrganizationId::new(self.of(&["o1", "o2", "o3"])).unwrap()
    }

    fn point(&mut self) -> Point {
        let (latitude, longitude) = self.of(&PLACES);
        Point::new(latitude, longitude).unwrap()
    }

    fn date(&mut self) -> NaiveDate {
        today() + chrono::Days::new(self.below(150))
    }

    fn windows(&mut self, least: u64, most: u64) -> Vec<WeeklyWindow> {
        if self.is_one_in(10) {
            let whole_day =
                |day| WeeklyWindow::new(Weekday::try_from(day).unwrap(), 0, 1440).unwrap();
            return (0..7_u8).map(whole_day).collect();
        }
        let is_odd = self.is_one_in(5);
        (0..least + self.below(most - least + 1))
            .map(|_| {
                let day = Weekday::try_from(u8::try_from(self.below(7)).unwrap()).unwrap();
                let start =
                    8 * 60 + 30 * self.number(24) + if is_odd { self.number(30) } else { 0 };
                let end = (start + 30 * (1 + self.number(10))).min(1440);
                WeeklyWindow::new(day, start, end).unwrap()
            })
            .collect()
    }

    fn time_off(&mut self) -> TimeOff {
        let start = self.date();
        TimeOff::new(start, start + chrono::Days::new(self.below(90))).unwrap()
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn volunteer(number: usize, draw: &mut Draw) -> Volunteer {
    let skills = draw.known(12, |draw| {
        draw.set(6, Draw::skill)
            .into_iter()
            .map(|skill| SkillHave {
                skill,
                level: draw.known(6, Draw::level),
                years: draw.known(3, |draw| Years::new(draw.number(9)).unwrap()),
            })
            .collect()
    });
    let standing = match draw.below(24) {
        0 => Standing::Busy,
        1 => Standing::Paused { until: None },
        2 => Standing::Paused {
            until: Some(draw.of(&[today(), today().succ_opt().unwrap()])),
        },
        _ => Standing::Active,
    };
    Volunteer::new(VolunteerFacts {
        standing,
        skills,
        wants_to_learn: draw.known(3, |draw| draw.set(3, Draw::skill).into()),
        hours_per_week: draw.known(6, |draw| Hours::new(2 + draw.number(9)).unwrap()),
        committed_hours: Hours::new(draw.number(2)).unwrap(),
        availability: draw.known(6, |draw| Availability {
            zone: draw.of(&ZONES),
            windows: draw.windows(1, 12),
            time_off: (0..draw.below(7).saturating_sub(2))
                .map(|_| draw.time_off())
                .collect(),
        }),
        languages: draw.known(8, |draw| {
            let mut spoken = draw.set(2, Draw::language);
            spoken.insert(LanguageCode::ENGLISH);
            spoken.into()
        }),
        home: draw.known(6, Draw::point),
        radius_km: draw.known(6, |draw| draw.of(&[0, 5, 50, 200, 2_000])),
        is_remote_ok: draw.known(5, |draw| !draw.is_one_in(5)),
        causes: draw.known(4, |draw| draw.set(4, Draw::cause).into()),
        conflicts: if draw.is_one_in(8) {
            [draw.organization()].into()
        } else {
            Set::default()
        },
        most_placements: 1 + u8::try_from(draw.below(3)).unwrap(),
        current_placements: u8::try_from(draw.below(3).saturating_sub(1)).unwrap(),
        waiting_days: u16::try_from(draw.below(200)).unwrap(),
        recent_suggestions: u16::try_from(draw.below(12)).unwrap(),
        ..VolunteerFacts::unknown(VolunteerId::new(&format!("v{number}")).unwrap())
    })
    .unwrap()
}

fn role(number: usize, draw: &mut Draw) -> Role {
    let mut must_haves = 0;
    let skills = draw
        .set(5, Draw::skill)
        .into_iter()
        .map(|skill| {
            let is_must = must_haves < 2 && draw.is_one_in(3);
            must_haves += u32::from(is_must);
            SkillNeed {
                skill,
                kind: if is_must {
                    NeedKind::MustHave
                } else {
                    NeedKind::NiceToHave
                },
                level: draw.level(),
                weight: NeedWeight::new(1 + draw.number(10)).unwrap(),
            }
        })
        .collect();
    let start_on = draw.known(2, Draw::date);
    let end_on = draw.known(2, |draw| {
        start_on.unwrap_or(today()) + chrono::Days::new(draw.below(100))
    });
    let is_over = draw.is_one_in(12);
    Role::new(RoleFacts {
        is_accepting: !draw.is_one_in(16),
        seats_open: u16::try_from(draw.below(12).min(3)).unwrap(),
        skills,
        has_learning_seat: draw.is_one_in(3),
        hours_per_week: draw.known(4, |draw| Hours::new(draw.number(8)).unwrap()),
        start_on: start_on.filter(|_| !is_over),
        end_on: if is_over { today().pred_opt() } else { end_on },
        meeting: draw.known(3, |draw| Meeting {
            zone: draw.of(&ZONES),
            windows: draw.windows(1, 6),
            minimum_minutes: draw.of(&[0, 30, 45, 60, 90, 120, 240]),
        }),
        setting: match draw.below(8) {
            0..=4 => Setting::Remote,
            5 => Setting::Hybrid(Some(draw.point())),
            6 => Setting::OnSite(Some(draw.point())),
            _ => Setting::OnSite(None),
        },
        required_languages: if draw.is_one_in(2) {
            [LanguageCode::ENGLISH].into()
        } else {
            draw.set(2, Draw::language).into()
        },
        preferred_languages: draw.set(2, Draw::language).into(),
        causes: draw.set(3, Draw::cause).into(),
        recent_suggestions: u16::try_from(draw.below(12)).unwrap(),
        ..RoleFacts::open(
            RoleId::new(&format!("r{number}")).unwrap(),
            draw.organization(),
        )
    })
    .unwrap()
}

/// A snapshot with some pins and prohibitions, and its weights.
pub(in crate::engine) fn snapshot(
    seed: u64,
    volunteers: usize,
    roles: usize,
) -> (Snapshot, Weights) {
    let mut draw = Draw(seed);
    for _ in 0..4 {
        draw.below(2);
    }
    let volunteers: Vec<_> = (0..volunteers)
        .map(|number| volunteer(number, &mut draw))
        .collect();
    let roles: Vec<_> = (0..roles).map(|number| role(number, &mut draw)).collect();
    let mut pair = || {
        let role = usize::try_from(draw.below(roles.len() as u64)).unwrap();
        let volunteer = usize::try_from(draw.below(volunteers.len() as u64)).unwrap();
        (roles[role].id.clone(), volunteers[volunteer].id.clone())
    };
    let prohibitions: BTreeSet<_> = (0..roles.len() * 2).map(|_| pair()).collect();
    let pins: BTreeSet<_> = (0..2)
        .map(|_| pair())
        .filter(|pair| !prohibitions.contains(pair))
        .collect();
    let relations = relations(&mut draw);
    let facts = SnapshotFacts {
        taxonomy: Taxonomy::new(relations).unwrap(),
        pins: pins
            .into_iter()
            .map(|(role, volunteer)| Pin { role, volunteer })
            .collect(),
        prohibitions: prohibitions
            .into_iter()
            .map(|(role, volunteer)| Prohibition {
                role,
                volunteer,
                cause: ProhibitionCause::Declined,
            })
            .collect(),
        volunteers,
        roles,
        ..SnapshotFacts::empty(today())
    };
    (Snapshot::new(facts).unwrap(), weights(&mut draw))
}

/// A few relations, or one time in three so many of different strength that there are more holdings than a byte numbers.
fn relations(draw: &mut Draw) -> Vec<SkillRelation> {
    let relation = |a: u64, b: u64, weight| SkillRelation {
        a: SkillId::new(&format!("s{a}")).unwrap(),
        b: SkillId::new(&format!("s{b}")).unwrap(),
        weight: BasisPoints::new(weight).unwrap(),
    };
    if !draw.is_one_in(3) {
        return [(0, 1, 9_000), (1, 2, 5_000), (3, 4, 10_000), (4, 5, 2_500)]
            .map(|(a, b, weight)| relation(a, b, weight))
            .into();
    }
    let pairs = (0..9).flat_map(|a| (0..a).map(move |b| (a, b)));
    pairs
        .map(|(a, b)| relation(a, b, 1 + draw.number(10_000)))
        .collect()
}

/// Half of the time other weights, anywhere in their ranges.
fn weights(draw: &mut Draw) -> Weights {
    let points = |draw: &mut Draw, choices: &[i64]| BasisPoints::new(draw.of(choices)).unwrap();
    let mut weights = Weights::embedded().unwrap();
    weights.gates.must_have_credit = points(draw, &[0, 1_000, 2_500, 5_000]);
    weights.skill.enough_needs = draw.of(&[1, 2, 4]);
    if draw.is_one_in(2) {
        return weights;
    }
    weights.neutral = points(draw, &[0, 3_000, 10_000]);
    weights.gates.minimum_confidence = points(draw, &[0, 4_000, 9_000]);
    weights.gates.minimum_score = points(draw, &[0, 2_000, 6_000]);
    for weight in [
        &mut weights.role_view.must_have,
        &mut weights.role_view.nice_to_have,
        &mut weights.role_view.evidence,
        &mut weights.role_view.meeting,
        &mut weights.role_view.hours,
        &mut weights.volunteer_view.causes,
        &mut weights.volunteer_view.wish,
        &mut weights.volunteer_view.place,
        &mut weights.volunteer_view.languages,
    ] {
        *weight = draw.of(&[1, 7, 50, 1_000]);
    }
    weights.skill.related_share = points(draw, &[0, 2_500, 5_000]);
    weights.skill.further_share = points(draw, &[0, 2_500, 10_000]);
    weights.meeting.weeks = draw.of(&[1, 8, 26]);
    weights.meeting.full_at_percent_of_minimum = draw.of(&[100, 200, 1_000]);
    weights.causes.enough = draw.of(&[1, 2, 5]);
    weights.languages.required = points(draw, &[0, 6_000, 10_000]);
    weights.adjustment.exposure_each = draw.of(&[0, 20, 500]);
    weights.adjustment.waiting_half_days = draw.of(&[1, 30, 365]);
    weights
}
