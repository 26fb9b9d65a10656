//! Needs of roles, and what volunteers bring to each skill that some role asks.

use std::collections::BTreeMap;

use matcher::model::{NeedKind, SkillHave, Snapshot, Volunteer, Weights};

use super::{Named, Sheet, write_line};

/// Writes role, skill, whether it is a must-have, level, weight.
pub(super) fn write_needs(sheet: &mut Sheet, snapshot: &Snapshot, named: &Named<'_>) {
    for (role, facts) in (0..).zip(&snapshot.roles) {
        for need in &facts.skills {
            let is_must = need.kind == NeedKind::MustHave;
            write_line(
                sheet,
                &[
                    role,
                    named.skills[&need.skill],
                    is_must.into(),
                    need.level.get().into(),
                    need.weight.get().into(),
                ],
            );
        }
    }
}

/// What a volunteer brings to one skill.
#[derive(Default)]
struct Brought {
    /// Credit when level 1, 2, 3, 4, 5 is asked.
    credit: [i64; 5],
    /// What their practice of the skill itself is worth; 0 without the skill.
    evidence: i64,
    is_wished: bool,
}

/// Writes volunteer, skill, credit at level 1 to 5, evidence, whether they wish to learn it.
pub(super) fn write_brought(
    sheet: &mut Sheet,
    snapshot: &Snapshot,
    weights: &Weights,
    named: &Named<'_>,
) {
    for (volunteer, facts) in (0..).zip(&snapshot.volunteers) {
        for (skill, brought) in brought(facts, snapshot, weights, named) {
            let [one, two, three, four, five] = brought.credit;
            let Brought {
                evidence,
                is_wished,
                ..
            } = brought;
            write_line(
                sheet,
                &[
                    volunteer,
                    skill,
                    one,
                    two,
                    three,
                    four,
                    five,
                    evidence,
                    is_wished.into(),
                ],
            );
        }
    }
}

fn brought(
    volunteer: &Volunteer,
    snapshot: &Snapshot,
    weights: &Weights,
    named: &Named<'_>,
) -> BTreeMap<i64, Brought> {
    let mut all: BTreeMap<i64, Brought> = BTreeMap::new();
    for have in volunteer.skills.iter().flatten() {
        if let Some(skill) = named.skills.get(&have.skill) {
            let own = all.entry(*skill).or_default();
            own.improve(have, 10_000, weights);
            own.evidence = evidence(have, weights);
        }
        for (near, relation) in snapshot.taxonomy.related_to(&have.skill) {
            if let Some(skill) = named.skills.get(near) {
                let most = i64::from(weights.skill.related_share.get());
                let share = i64::from(relation.get()) * most / 10_000;
                all.entry(*skill).or_default().improve(have, share, weights);
            }
        }
    }
    for wish in volunteer.wants_to_learn.iter().flatten() {
        if let Some(skill) = named.skills.get(wish) {
            all.entry(*skill).or_default().is_wished = true;
        }
    }
    all
}

impl Brought {
    fn improve(&mut self, have: &SkillHave, share: i64, weights: &Weights) {
        let had = have.level.unwrap_or(weights.skill.unknown_level).get();
        for (asked, credit) in (1..).zip(&mut self.credit) {
            let below = usize::from(u8::saturating_sub(asked, had));
            let full = i64::from(weights.skill.level_credit[below].get());
            *credit = (*credit).max(full * share / 10_000);
        }
    }
}

fn evidence(have: &SkillHave, weights: &Weights) -> i64 {
    let table = &weights.evidence.by_years;
    let value = have.years.map_or(weights.neutral, |years| {
        table[usize::from(years.get()).min(table.len() - 1)]
    });
    value.get().into()
}
