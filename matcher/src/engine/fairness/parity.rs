//! Whether both official languages are served alike: volunteers by the languages they work in, roles by those they
//! require.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Given;
use super::spread::share;
use crate::model::{BasisPoints, LanguageCode, Role, Set, Volunteer};

/// Which of the two official languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LanguageGroup {
    /// English, not French.
    English,
    /// French, not English.
    French,
    /// Both.
    Both,
    /// Neither: other languages, or none required.
    Neither,
    /// Not known; never of a role.
    Unknown,
}

impl LanguageGroup {
    fn of(languages: &Set<LanguageCode>) -> Self {
        let speaks = |language| languages.contains(&language);
        match (speaks(LanguageCode::ENGLISH), speaks(LanguageCode::FRENCH)) {
            (true, false) => Self::English,
            (false, true) => Self::French,
            (true, true) => Self::Both,
            (false, false) => Self::Neither,
        }
    }
}

/// What one group got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parity {
    /// Which group.
    pub group: LanguageGroup,
    /// Available volunteers or open roles in it.
    pub members: usize,
    /// Of these, with at least one suggestion.
    pub served: usize,
    /// `served ÷ members`.
    pub served_share: Option<BasisPoints>,
    /// Suggestions they got.
    pub suggestions: u64,
    /// Mean score of these, rounded down. `None` without any.
    pub mean_score: Option<BasisPoints>,
}

pub(super) fn of_volunteers(volunteers: &[(&Volunteer, Given)]) -> Vec<Parity> {
    let groups = volunteers.iter().map(|(volunteer, given)| {
        let group = volunteer
            .languages
            .as_ref()
            .map_or(LanguageGroup::Unknown, LanguageGroup::of);
        (group, *given)
    });
    by_group(groups)
}

pub(super) fn of_roles(roles: &[(&Role, Given)]) -> Vec<Parity> {
    by_group(
        roles
            .iter()
            .map(|(role, given)| (LanguageGroup::of(&role.required_languages), *given)),
    )
}

fn by_group(members: impl Iterator<Item = (LanguageGroup, Given)>) -> Vec<Parity> {
    // Members, of these served, and what they got together.
    let mut groups: BTreeMap<LanguageGroup, (usize, usize, u64, u64)> = BTreeMap::new();
    for (group, given) in members {
        let (count, served, suggestions, score) = groups.entry(group).or_default();
        *count += 1;
        *served += usize::from(given.suggestions > 0);
        *suggestions += u64::from(given.suggestions);
        *score += given.score;
    }
    groups
        .into_iter()
        .map(|(group, (members, served, suggestions, score))| Parity {
            group,
            members,
            served,
            served_share: share(served as u64, members as u64),
            suggestions,
            mean_score: score.checked_div(suggestions).map(BasisPoints::capped),
        })
        .collect()
}
