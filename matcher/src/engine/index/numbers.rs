//! Numbers for the ids that roles name; nobody else's matter.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::set::NumberSet;
use crate::model::{CauseId, LanguageCode, Role, SkillId, Taxonomy};

/// Numbers of one kind of id, from 0.
pub(crate) struct Numbers<'a, T>(HashMap<&'a T, u32>);

impl<'a, T: Hash + Eq> Numbers<'a, T> {
    fn of(ids: impl Iterator<Item = &'a T>) -> Self {
        let mut numbers = HashMap::new();
        for id in ids {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            numbers.entry(id).or_insert(next);
        }
        Self(numbers)
    }

    /// The number of an id that some role names.
    pub(crate) fn find(&self, id: &T) -> Option<u32> {
        self.0.get(id).copied()
    }

    /// The numbers of those ids that some role names.
    pub(crate) fn set<'b>(&self, ids: impl IntoIterator<Item = &'b T>) -> NumberSet
    where
        T: 'b,
    {
        ids.into_iter().filter_map(|id| self.find(id)).collect()
    }

    /// The ids with their numbers, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a T, u32)> {
        self.0.iter().map(|(id, number)| (*id, *number))
    }
}

/// Numbers of everything that roles name.
pub(crate) struct Vocabulary<'a> {
    pub(crate) skills: Numbers<'a, SkillId>,
    pub(crate) causes: Numbers<'a, CauseId>,
    pub(crate) languages: Numbers<'a, LanguageCode>,
}

impl<'a> Vocabulary<'a> {
    /// Numbers in the order in which roles name things; related skills have numbers near each other.
    pub(crate) fn of(roles: &[&'a Role], taxonomy: &'a Taxonomy) -> Self {
        let needs = roles.iter().flat_map(|role| &role.skills);
        Self {
            skills: Numbers::of(by_kinship(needs.map(|need| &need.skill), taxonomy)),
            causes: Numbers::of(roles.iter().flat_map(|role| &role.causes)),
            // Required ones first: those are the ones that candidates are searched by.
            languages: Numbers::of(
                roles
                    .iter()
                    .flat_map(|role| &role.required_languages)
                    .chain(roles.iter().flat_map(|role| &role.preferred_languages)),
            ),
        }
    }
}

/// The skills, each followed by those that are reached from it over the strongest relations first: a search that sorts people
/// and roles by number then finds those of one field together.
fn by_kinship<'a>(
    asked: impl Iterator<Item = &'a SkillId> + Clone,
    taxonomy: &'a Taxonomy,
) -> impl Iterator<Item = &'a SkillId> {
    let is_asked: HashSet<&SkillId> = asked.clone().collect();
    let mut seen = HashSet::new();
    let mut ordered = Vec::with_capacity(is_asked.len());
    for skill in asked {
        let mut next = vec![skill];
        while let Some(skill) = next.pop() {
            if !is_asked.contains(skill) || !seen.insert(skill) {
                continue;
            }
            ordered.push(skill);
            let mut related: Vec<_> = taxonomy.related_to(skill).iter().collect();
            // The last one is looked at first.
            related.sort_unstable_by_key(|(near, weight)| (*weight, Reverse(near)));
            next.extend(related.into_iter().map(|(near, _)| near));
        }
    }
    ordered.into_iter()
}
