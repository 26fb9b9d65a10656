//! Roles of the workload: two to five required skills, of which the heavier half are must-haves; two to four windows.

use std::collections::BTreeSet;

use chrono::{Days, Weekday};
use matcher::model::{
    Hours, LanguageCode, Level, Meeting, NeedKind, NeedWeight, OrganizationId, Point, Role,
    RoleFacts, RoleId, Set, Setting, SkillNeed, WeeklyWindow,
};

use super::draw::Draw;
use super::place::City;
use super::taxonomy::{Names, neighbour};
use super::today;

pub(crate) fn role(number: usize, names: &Names, mut draw: Draw) -> Role {
    let draw = &mut draw;
    let family = names.demanded_family(draw);
    let skills = skills(family, names, draw);
    let city = names.city(draw);
    let meeting = meeting(city, draw);
    let (required_languages, preferred_languages) = languages(city, names, draw);
    let mut causes = BTreeSet::from([names.cause(draw)]);
    if draw.is(0.4) {
        causes.insert(names.cause(draw));
    }
    let setting = if draw.is(0.72) {
        Setting::Remote
    } else {
        Setting::OnSite(Some(Point::new(city.latitude, city.longitude).unwrap()))
    };
    let start = 20 + draw.below(60) as u64;
    let end = start + 14 + draw.small(200) as u64;
    let hours =
        [1, 2, 3, 4, 5, 6, 8, 10][draw.pick(&[0.08, 0.26, 0.48, 0.68, 0.82, 0.92, 0.97, 1.0])];
    Role::new(RoleFacts {
        skills,
        hours_per_week: Hours::new(hours).ok(),
        start_on: Some(today() + Days::new(start)),
        end_on: Some(today() + Days::new(end)),
        meeting: Some(meeting),
        setting,
        required_languages,
        preferred_languages,
        causes: causes.into(),
        seats_open: draw.choose(&[1, 1, 1, 2, 2, 3, 5]),
        suggestions_per_seat: 3,
        ..RoleFacts::open(
            RoleId::new(&format!("r{number:06}")).unwrap(),
            OrganizationId::new(&format!("o{:05}", number / 4)).unwrap(),
        )
    })
    .unwrap()
}

fn skills(family: usize, names: &Names, draw: &mut Draw) -> Vec<SkillNeed> {
    let (required, nice) = (2 + draw.below(4), draw.below(5));
    let mut drawn: Vec<(usize, i64, i64)> = Vec::new();
    let mut seen = BTreeSet::new();
    for tries in 0..80 {
        let is_required = drawn.len() < required && tries < 40;
        if drawn.len() == required + nice {
            break;
        }
        let of = if draw.is(if is_required { 0.85 } else { 0.70 }) {
            family
        } else {
            neighbour(family, draw)
        };
        let skill = names.skill_of(of, draw);
        if !seen.insert(skill) {
            continue;
        }
        let (level, weight) = if is_required {
            (2 + draw.small(4), 2 + draw.below(3))
        } else {
            (1 + draw.below(3), 1)
        };
        drawn.push((
            skill,
            i64::try_from(level).unwrap(),
            i64::try_from(weight).unwrap(),
        ));
    }
    let required = required.min(drawn.len());
    drawn[..required].sort_by_key(|(skill, _, weight)| (-weight, *skill));
    drawn
        .into_iter()
        .enumerate()
        .map(|(place, (skill, level, weight))| SkillNeed {
            skill: names.skill(skill),
            kind: if place < required.div_ceil(2) {
                NeedKind::MustHave
            } else {
                NeedKind::NiceToHave
            },
            level: Level::new(level.min(5)).unwrap(),
            weight: NeedWeight::new(weight).unwrap(),
        })
        .collect()
}

/// 72 % on weekdays, three quarters of them in the evening; one or two hours a week are asked.
fn meeting(city: &City, draw: &mut Draw) -> Meeting {
    let windows = (0..2 + draw.below(3))
        .map(|_| {
            let (day, start) = if draw.is(0.72) {
                let day = draw.below(5);
                let is_evening = draw.is(0.75);
                (
                    day,
                    if is_evening {
                        17 + draw.below(4)
                    } else {
                        9 + draw.below(8)
                    },
                )
            } else {
                (5 + draw.below(2), 9 + draw.below(8))
            };
            let half_hours = 2 + draw.below(4);
            let day = Weekday::try_from(u8::try_from(day).unwrap()).unwrap();
            let start = i64::try_from(start * 60).unwrap();
            let end = start + 30 * i64::try_from(half_hours).unwrap();
            WeeklyWindow::new(day, start, end).unwrap()
        })
        .collect();
    Meeting {
        zone: city.zone,
        windows,
        minimum_minutes: draw.choose(&[60, 120]),
    }
}

fn languages(
    city: &City,
    names: &Names,
    draw: &mut Draw,
) -> (Set<LanguageCode>, Set<LanguageCode>) {
    let (english, french) = (LanguageCode::ENGLISH, LanguageCode::FRENCH);
    let required: Set<_> = if city.french > 0.8 {
        if draw.is(0.8) {
            [french].into()
        } else {
            [english, french].into()
        }
    } else if draw.is(0.05) {
        [english, french].into()
    } else {
        [english].into()
    };
    let mut preferred = BTreeSet::new();
    if draw.is(0.2) {
        preferred.insert(if required.contains(&french) {
            english
        } else {
            french
        });
    }
    if draw.is(0.06) {
        preferred.insert(names.other_language(draw.below(14)));
    }
    (required, preferred.into())
}
