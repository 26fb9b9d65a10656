//! Volunteers of the workload: three to sixteen skills, mostly of one family; evenings and weekends, mostly.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Weekday};
use matcher::model::{
    Availability, Hours, LanguageCode, Level, Point, Set, SkillHave, TimeOff, Volunteer,
    VolunteerFacts, VolunteerId, WeeklyWindow, Years,
};

use super::draw::Draw;
use super::place::City;
use super::taxonomy::{Names, OTHER_LANGUAGES, neighbour};
use super::today;

pub(crate) fn volunteer(number: usize, names: &Names, mut draw: Draw) -> Volunteer {
    let draw = &mut draw;
    let family = names.supplied_family(draw);
    let skills = skills(family, names, draw);
    let city = names.city(draw);
    let windows = week(draw);
    let hours = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20]
        [draw.pick(&[0.10, 0.25, 0.45, 0.60, 0.74, 0.86, 0.93, 0.97, 0.99, 1.0])];
    let languages = languages(city, names, draw);
    let causes = (0..=draw.below(4)).map(|_| names.cause(draw)).collect();
    let is_remote_ok = draw.is(0.88);
    let radius_km = draw.choose(&[5, 10, 25, 50, 100]);
    let time_off = time_off(draw);
    let placements = draw.pick(&[0.62, 0.90, 1.0]);
    let room = draw.choose(&[1, 2, 3, 3, 3, 4, 5]);
    let wishes: Set<_> = (0..draw.below(3))
        .map(|_| names.skill(names.skill_of(family, draw)))
        .collect();
    Volunteer::new(VolunteerFacts {
        skills: Some(skills),
        wants_to_learn: draw.is(0.5).then_some(wishes),
        hours_per_week: Hours::new(hours).ok(),
        availability: Some(Availability {
            zone: city.zone,
            windows,
            time_off,
        }),
        languages: Some(languages),
        home: Some(Point::new(city.latitude, city.longitude).unwrap()),
        radius_km: Some(radius_km),
        is_remote_ok: Some(is_remote_ok),
        causes: Some(causes),
        most_placements: u8::try_from(room + placements).unwrap(),
        current_placements: u8::try_from(placements).unwrap(),
        waiting_days: u16::try_from(draw.small(180)).unwrap(),
        recent_suggestions: u16::try_from(draw.small(8)).unwrap(),
        ..VolunteerFacts::unknown(VolunteerId::new(&format!("v{number:07}")).unwrap())
    })
    .unwrap()
}

/// Mean six: 68 % of the home family, 22 % of its neighbours; levels a bell around 3, higher at home.
fn skills(family: usize, names: &Names, draw: &mut Draw) -> Vec<SkillHave> {
    let wanted = 3 + draw.small(14);
    let mut levels: BTreeMap<usize, usize> = BTreeMap::new();
    for _ in 0..60 {
        if levels.len() == wanted {
            break;
        }
        let drawn = draw.unit();
        let of = if drawn < 0.68 {
            family
        } else if drawn < 0.90 {
            neighbour(family, draw)
        } else {
            names.supplied_family(draw)
        };
        let skill = names.skill_of(of, draw);
        let bell = (0..3).map(|_| draw.below(1_000)).sum::<usize>();
        let better = usize::from(of == family && draw.is(0.25));
        levels
            .entry(skill)
            .or_insert((1 + bell / 600 + better).min(5));
    }
    levels
        .into_iter()
        .map(|(skill, level)| SkillHave {
            skill: names.skill(skill),
            level: Level::new(i64::try_from(level).unwrap()).ok(),
            years: draw
                .is(0.6)
                .then(|| Years::new(i64::try_from(level + draw.small(8)).unwrap()).unwrap()),
        })
        .collect()
}

/// 55 % evenings and weekends, 20 % weekdays, 15 % weekends, 10 % early mornings and lunches.
fn week(draw: &mut Draw) -> Vec<WeeklyWindow> {
    let drawn = draw.unit();
    let kind = [0.55, 0.75, 0.90]
        .iter()
        .filter(|limit| drawn >= **limit)
        .count();
    let mut windows = Vec::new();
    let mut add = |day: u8, start: usize, hours: usize| {
        let minute = |hour: usize| i64::try_from(hour.min(24) * 60).unwrap();
        let day = Weekday::try_from(day).unwrap();
        windows.push(WeeklyWindow::new(day, minute(start), minute(start + hours)).unwrap());
    };
    for day in 0..5 {
        if matches!(kind, 0 | 3) && draw.is(if kind == 0 { 0.58 } else { 0.35 }) {
            add(day, 17 + draw.below(3), 2 + draw.below(3));
        }
        if kind == 1 && draw.is(0.62) {
            add(day, 9 + draw.below(5), 2 + draw.below(5));
        }
        if kind == 3 && draw.is(0.55) {
            add(day, if draw.is(0.5) { 6 + draw.below(3) } else { 12 }, 2);
        }
    }
    for day in 5..7 {
        if draw.is([0.60, 0.35, 0.92, 0.40][kind]) {
            add(day, 9 + draw.below(6), 2 + draw.below(6));
        }
    }
    if windows.is_empty() {
        windows.push(WeeklyWindow::new(Weekday::Wed, 18 * 60, 21 * 60).unwrap());
    }
    windows
}

fn languages(city: &City, names: &Names, draw: &mut Draw) -> Set<LanguageCode> {
    let mut spoken = BTreeSet::new();
    if draw.is(city.english) {
        spoken.insert(LanguageCode::ENGLISH);
    }
    if draw.is(city.french) {
        spoken.insert(LanguageCode::FRENCH);
    }
    if spoken.is_empty() {
        spoken.insert(LanguageCode::ENGLISH);
    }
    for (number, (_, probability)) in OTHER_LANGUAGES.iter().enumerate() {
        if draw.is(*probability) {
            spoken.insert(names.other_language(number));
        }
    }
    spoken.into()
}

/// From when to when they are there, said as time off before and after.
fn time_off(draw: &mut Draw) -> Vec<TimeOff> {
    let from = draw.small(120) as u64;
    let until = from + 60 + draw.below(400) as u64;
    let day = |days| today() + Days::new(days);
    let before = (from > 0).then(|| TimeOff::new(today(), day(from - 1)).unwrap());
    let after = TimeOff::new(day(until + 1), day(until + 3_650)).unwrap();
    before.into_iter().chain([after]).collect()
}
