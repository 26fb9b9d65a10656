//! Numbers for the ids that roles name and, where facts may change, for those that they might name and volunteers do.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::set::NumberSet;
use crate::model::{CauseId, LanguageCode, Role, SkillId, Taxonomy, Volunteer};

/// Numbers of one kind of id, from 0.
pub(crate) struct Numbers<T>(HashMap<T, u32>);

impl<T: Hash + Eq + Clone> Numbers<T> {
    fn of<'a>(ids: impl Iterator<Item = &'a T>) -> Self
    where
        T: 'a,
    {
        let mut numbers = Self(HashMap::new());
        for id in ids {
            numbers.learn(id);
        }
        numbers
    }

    /// Numbers an id that has no number yet. Gives the number if it is new.
    fn learn(&mut self, id: &T) -> Option<u32> {
        if self.0.contains_key(id) {
            return None;
        }
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(id.clone(), next);
        Some(next)
    }

    /// The number of an id that has one.
    pub(crate) fn find(&self, id: &T) -> Option<u32> {
        self.0.get(id).copied()
    }

    /// The numbers of those ids that have one.
    pub(crate) fn set<'b>(&self, ids: impl IntoIterator<Item = &'b T>) -> NumberSet
    where
        T: 'b,
    {
        ids.into_iter().filter_map(|id| self.find(id)).collect()
    }
}

/// Numbers of everything that is named.
pub(crate) struct Vocabulary {
    pub(crate) skills: Numbers<SkillId>,
    pub(crate) causes: Numbers<CauseId>,
    pub(crate) languages: Numbers<LanguageCode>,
    /// For a skill that someone may have: the numbered skills that it stands in for, and how near they are in basis points.
    /// Relations hold both ways.
    near: HashMap<SkillId, Vec<(u32, u16)>>,
    /// Skills of volunteers who were learned: the related ones have numbers too.
    held: HashSet<SkillId>,
}

impl Vocabulary {
    /// Numbers in the order in which roles name things; related skills have numbers near each other.
    pub(crate) fn of(roles: &[&Role], taxonomy: &Taxonomy) -> Self {
        let mut vocabulary = Self {
            skills: Numbers(HashMap::new()),
            causes: Numbers::of(roles.iter().flat_map(|role| &role.causes)),
            // Required ones first: those are the ones that candidates are searched by.
            languages: Numbers::of(
                roles
                    .iter()
                    .flat_map(|role| &role.required_languages)
                    .chain(roles.iter().flat_map(|role| &role.preferred_languages)),
            ),
            near: HashMap::new(),
            held: HashSet::new(),
        };
        let needs = roles.iter().flat_map(|role| &role.skills);
        for skill in by_kinship(needs.map(|need| &need.skill), taxonomy) {
            vocabulary.learn_skill(skill, taxonomy);
        }
        vocabulary
    }

    /// Numbers what a role names. Where every volunteer has been learned, nobody brings anything to what is new then.
    pub(crate) fn learn_role(&mut self, role: &Role, taxonomy: &Taxonomy) {
        for need in &role.skills {
            self.learn_skill(&need.skill, taxonomy);
        }
        for cause in &role.causes {
            self.causes.learn(cause);
        }
        for language in role
            .required_languages
            .iter()
            .chain(&role.preferred_languages)
        {
            self.languages.learn(language);
        }
    }

    /// Numbers everything that a volunteer could bring to some role: their skills and the related ones, wishes, causes and
    /// languages.
    pub(crate) fn learn_volunteer(&mut self, volunteer: &Volunteer, taxonomy: &Taxonomy) {
        for have in volunteer.skills.iter().flatten() {
            if self.held.contains(&have.skill) {
                continue;
            }
            self.held.insert(have.skill.clone());
            self.learn_skill(&have.skill, taxonomy);
            for (near, _) in taxonomy.related_to(&have.skill) {
                self.learn_skill(near, taxonomy);
            }
        }
        for wish in volunteer.wants_to_learn.iter().flatten() {
            self.learn_skill(wish, taxonomy);
        }
        for cause in volunteer.causes.iter().flatten() {
            self.causes.learn(cause);
        }
        for language in volunteer.languages.iter().flatten() {
            self.languages.learn(language);
        }
    }

    fn learn_skill(&mut self, skill: &SkillId, taxonomy: &Taxonomy) {
        let Some(number) = self.skills.learn(skill) else {
            return;
        };
        for (near, weight) in taxonomy.related_to(skill) {
            if let Some(known) = self.near.get_mut(near) {
                known.push((number, weight.get()));
            } else {
                self.near.insert(near.clone(), vec![(number, weight.get())]);
            }
        }
    }

    /// The numbered skills that a skill stands in for, and how near they are in basis points.
    pub(crate) fn near(&self, skill: &SkillId) -> &[(u32, u16)] {
        self.near.get(skill).map_or(&[], Vec::as_slice)
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
