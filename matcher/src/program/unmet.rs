//! What a list of pairs does not show: roles that got nobody, and skills that no volunteer names, perhaps for a slip of the
//! fingers. No error: the files may well be right.

use std::collections::{BTreeMap, BTreeSet};

use super::output::Line;
use crate::model::{Locale, Role, Snapshot, likeliest};

/// Most roles and skills that are named; the rest are counted.
const LISTED: usize = 10;

/// One finding a line.
pub(crate) fn words(snapshot: &Snapshot, lines: &[Line], locale: Locale) -> Vec<String> {
    let mut words: Vec<String> = roles_with_nobody(snapshot, lines, locale)
        .into_iter()
        .collect();
    words.extend(skills_of_nobody(snapshot, locale));
    words
}

fn open_roles(snapshot: &Snapshot) -> impl Iterator<Item = &Role> {
    let roles = snapshot.roles.iter();
    roles.filter(|role| role.is_accepting && role.seats_open > 0)
}

fn roles_with_nobody(snapshot: &Snapshot, lines: &[Line], locale: Locale) -> Option<String> {
    let served: BTreeSet<&str> = lines.iter().map(|line| line.role.as_str()).collect();
    let roles: Vec<&str> = open_roles(snapshot)
        .map(|role| role.id.as_str())
        .filter(|role| !served.contains(role))
        .collect();
    let count = roles.len();
    let names = some_of(&roles, locale);
    (count > 0).then(|| {
        locale.pick(
            format!("open roles that got nobody: {count} ({names})"),
            format!("rôles ouverts sans personne : {count} ({names})"),
        )
    })
}

fn skills_of_nobody(snapshot: &Snapshot, locale: Locale) -> Vec<String> {
    let named: BTreeSet<&str> = snapshot
        .volunteers
        .iter()
        .flat_map(|volunteer| volunteer.skills.iter().flatten())
        .map(|skill| skill.skill.as_str())
        .collect();
    let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for role in open_roles(snapshot) {
        for need in &role.skills {
            if !named.contains(need.skill.as_str()) {
                let by = asked.entry(need.skill.as_str()).or_default();
                by.push(role.id.as_str());
            }
        }
    }
    let mut words: Vec<String> = asked
        .iter()
        .take(LISTED)
        .map(|(skill, roles)| {
            let roles = some_of(roles, locale);
            let meant = likeliest(skill, named.iter().copied());
            let meant = meant.map(|meant| {
                locale.pick(
                    format!("; did you mean {meant}?"),
                    format!("; vouliez-vous dire {meant}?"),
                )
            });
            let meant = meant.unwrap_or_default();
            locale.pick(
                format!("no volunteer names the skill {skill}, asked by {roles}{meant}"),
                format!(
                    "aucun bénévole n’indique la compétence {skill}, demandée par {roles}{meant}"
                ),
            )
        })
        .collect();
    let more = asked.len().saturating_sub(LISTED);
    if more > 0 {
        words.push(locale.pick(
            format!("and {more} more skills that no volunteer names"),
            format!("et {more} autres compétences qu’aucun bénévole n’indique"),
        ));
    }
    words
}

fn some_of(names: &[&str], locale: Locale) -> String {
    let more = names.len().saturating_sub(LISTED);
    let some: Vec<&str> = names.iter().take(LISTED).copied().collect();
    let some = some.join(", ");
    if more == 0 {
        return some;
    }
    locale.pick(
        format!("{some} and {more} more"),
        format!("{some} et {more} de plus"),
    )
}
