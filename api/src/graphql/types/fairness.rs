//! How evenly a round gives.

use async_graphql::{Enum, SimpleObject};
use entity::language::Language;
use matcher::engine::fairness;
use matcher::model::BasisPoints;

use super::factor::unit;
use crate::domain::matching::explanation::Words;

/// How evenly a round gives, over available volunteers (active, with room for a placement) and open roles (that want
/// suggestions). It is a report: nothing in it changes a score or a choice. No protected attribute is read.
#[derive(SimpleObject)]
pub struct RoundFairness {
    /// The report in sentences, one finding each, in the request's language.
    words: Vec<String>,
    /// Suggestions of this round, by volunteer.
    volunteers: Spread,
    /// Suggestions of this round and of the 30 days before, by volunteer: whether rounds even each other out.
    volunteers_over_time: Spread,
    /// Suggestions of this round, by role.
    roles: Spread,
    /// How long all available volunteers had waited before the round; null when there are none.
    waits_before: Option<Wait>,
    /// How long those had waited who got a suggestion; null when nobody did.
    waits_served: Option<Wait>,
    /// How long those have waited who got none; null when everybody got one.
    waits_unserved: Option<Wait>,
    /// Organizations by the number of their open roles, the smallest first; sizes that nobody has are left out.
    organizations: Vec<OrganizationCoverage>,
    /// Volunteers by the official languages they work in; groups without members are left out.
    volunteer_languages: Vec<LanguageParity>,
    /// Roles by the official languages they require; groups without members are left out.
    role_languages: Vec<LanguageParity>,
}

impl RoundFairness {
    /// In `language`.
    pub fn new(found: &fairness::Fairness, language: Language) -> Self {
        let lines = Words::new(|locale| found.words(locale).join("\n"));
        let lines = lines.in_language(language).lines();
        Self {
            words: lines.map(str::to_owned).collect(),
            volunteers: found.volunteers.into(),
            volunteers_over_time: found.volunteers_over_time.into(),
            roles: found.roles.into(),
            waits_before: found.waits.before.map(Into::into),
            waits_served: found.waits.served.map(Into::into),
            waits_unserved: found.waits.unserved.map(Into::into),
            organizations: found
                .organizations
                .iter()
                .copied()
                .map(Into::into)
                .collect(),
            volunteer_languages: found
                .volunteer_languages
                .iter()
                .copied()
                .map(Into::into)
                .collect(),
            role_languages: found
                .role_languages
                .iter()
                .copied()
                .map(Into::into)
                .collect(),
        }
    }
}

/// How evenly suggestions are spread.
#[derive(SimpleObject)]
pub struct Spread {
    /// Those who could have some.
    members: u64,
    /// Those who have at least one.
    with_any: u64,
    /// All suggestions.
    total: u64,
    /// The most that one has.
    most: u32,
    /// The Gini coefficient, 0 (all have the same) to 1 (one has all); null when there are no suggestions.
    gini: Option<f64>,
    /// The share, 0 to 1, of the tenth that has most, rounded up to whole members; null when there are no suggestions.
    top_decile_share: Option<f64>,
}

impl From<fairness::Spread> for Spread {
    fn from(spread: fairness::Spread) -> Self {
        Self {
            members: spread.members as u64,
            with_any: spread.with_any as u64,
            total: spread.total,
            most: spread.most,
            gini: share(spread.gini),
            top_decile_share: share(spread.top_decile),
        }
    }
}

/// How long the members of a group have waited for a placement.
#[derive(SimpleObject)]
pub struct Wait {
    /// Members of the group, at least one.
    volunteers: u64,
    /// The mean in days, rounded.
    mean_days: u32,
    /// Half of them waited at most so many days.
    median_days: u32,
    /// Nine of ten waited at most so many days.
    ninth_decile_days: u32,
    /// The longest wait in days.
    longest_days: u32,
}

impl From<fairness::Wait> for Wait {
    fn from(wait: fairness::Wait) -> Self {
        Self {
            volunteers: wait.volunteers as u64,
            mean_days: wait.mean_days.into(),
            median_days: wait.median_days.into(),
            ninth_decile_days: wait.ninth_decile_days.into(),
            longest_days: wait.longest_days.into(),
        }
    }
}

/// What the organizations of one size got.
#[derive(SimpleObject)]
pub struct OrganizationCoverage {
    /// The size, by open roles.
    size: OrganizationSize,
    /// Organizations of this size.
    organizations: u64,
    /// Of these, with at least one suggestion.
    organizations_served: u64,
    /// Their open roles.
    roles: u64,
    /// Of these, with at least one suggestion.
    roles_served: u64,
    /// Suggestions that their roles wanted.
    suggestions_wanted: u64,
    /// Suggestions that they got.
    suggestions: u64,
    /// The share, 0 to 1, that they got of what they wanted.
    filled_share: Option<f64>,
}

impl From<fairness::Coverage> for OrganizationCoverage {
    fn from(coverage: fairness::Coverage) -> Self {
        Self {
            size: coverage.size.into(),
            organizations: coverage.organizations as u64,
            organizations_served: coverage.organizations_served as u64,
            roles: coverage.roles as u64,
            roles_served: coverage.roles_served as u64,
            suggestions_wanted: coverage.wanted,
            suggestions: coverage.got,
            filled_share: share(coverage.filled),
        }
    }
}

/// The size of an organization, by its open roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "fairness::OrganizationSize")]
pub enum OrganizationSize {
    /// One open role.
    One,
    /// Two to four.
    Few,
    /// Five or more.
    Many,
}

/// What a group by official languages got.
#[derive(SimpleObject)]
pub struct LanguageParity {
    /// Which group.
    group: LanguageGroup,
    /// Available volunteers or open roles in it.
    members: u64,
    /// Of these, with at least one suggestion.
    served: u64,
    /// The share, 0 to 1, of the members with at least one suggestion.
    served_share: Option<f64>,
    /// Suggestions that they got.
    suggestions: u64,
    /// The mean score, 0 to 1, of their suggestions; null without any.
    mean_score: Option<f64>,
}

impl From<fairness::Parity> for LanguageParity {
    fn from(parity: fairness::Parity) -> Self {
        Self {
            group: parity.group.into(),
            members: parity.members as u64,
            served: parity.served as u64,
            served_share: share(parity.served_share),
            suggestions: parity.suggestions,
            mean_score: share(parity.mean_score),
        }
    }
}

/// Which of the two official languages a volunteer works in, or a role requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "fairness::LanguageGroup")]
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

fn share(points: Option<BasisPoints>) -> Option<f64> {
    points.map(|points| unit(points.get().into()))
}
