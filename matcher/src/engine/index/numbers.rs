//! Numbers for the ids that roles name; nobody else's matter.

use std::collections::HashMap;
use std::hash::Hash;

use super::set::NumberSet;
use crate::model::{CauseId, LanguageCode, Role, SkillId};

/// Numbers of one kind of id, from 0, in the order in which roles name them.
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
    pub(crate) fn of(roles: &[&'a Role]) -> Self {
        Self {
            skills: Numbers::of(
                roles
                    .iter()
                    .flat_map(|role| role.skills.iter().map(|need| &need.skill)),
            ),
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
