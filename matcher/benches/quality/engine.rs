//! The engine as a ranker: people and projects become volunteers and roles, and the engine's own factor is the score.
//!
//! Public history knows amounts, not levels: how many commits touched what. The translation is fixed here, by what the
//! words mean: a level is the rounded logarithm of the amount of practice; a need weighs as the square root of its share of
//! the greatest need; and it asks the highest level, so that more practice always counts more. Of the policy, two numbers
//! have seen these data: for `enough_needs` and `further_share` several values were compared on this split. How much they
//! gain here is thus said of data that helped to choose them, and wants a look at others.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use matcher::engine::{Evaluation, FactorCode, evaluate};
use matcher::model::{
    BasisPoints, Level, NeedKind, NeedWeight, OrganizationId, Role, RoleFacts, RoleId, SkillHave,
    SkillId, SkillNeed, SkillRelation, Snapshot, SnapshotFacts, Taxonomy, Volunteer,
    VolunteerFacts, VolunteerId, Weights,
};
use serde::Deserialize;

use crate::data::{Amounts, Data, Query, lines};
use crate::metric::float;

/// What each signal beside the skill fit weighs, where the skill fit weighs 50.
#[derive(Clone, Copy)]
pub(crate) struct Signals {
    activity: u64,
    organization: u64,
}

impl Signals {
    /// Recent joins of the project.
    pub(crate) const ACTIVITY: Self = Self {
        activity: 20,
        organization: 0,
    };
    /// And whether the person knows the organization.
    pub(crate) const BOTH: Self = Self {
        activity: 20,
        organization: 40,
    };
}

/// Weight of the skill fit: that of must-haves in the policy.
const SKILL_WEIGHT: u64 = 50;
/// Joins at which activity has half its value.
const HALF_OF_ACTIVITY: u64 = 2;

/// Ranks with the policy that comes with the engine.
pub(crate) struct Ranker<'d> {
    data: &'d Data,
    weights: Weights,
    taxonomy: Taxonomy,
    /// By project.
    roles: Vec<Role>,
}

impl<'d> Ranker<'d> {
    /// With or without credit for related skills.
    pub(crate) fn new(data: &'d Data, has_relations: bool) -> Self {
        let mut weights = Weights::embedded().unwrap();
        // Everybody is to be ranked, also those whom the policy would not propose.
        weights.gates.minimum_confidence = BasisPoints::LEAST;
        weights.gates.minimum_score = BasisPoints::LEAST;
        Self {
            data,
            weights,
            taxonomy: if has_relations {
                relations()
            } else {
                Taxonomy::default()
            },
            roles: (0..data.projects.len())
                .map(|project| role(data, project))
                .collect(),
        }
    }

    /// The engine's skill factor, in basis points; 0 where the project asks nothing that the taxonomy knows.
    pub(crate) fn skill_fit(&self, query: &Query, projects: &[usize]) -> Vec<f64> {
        let fits = self.skill_points(query, projects);
        fits.into_iter()
            .map(|points| f64::from(points.get()))
            .collect()
    }

    /// The skill fit with signals that a marketplace has: `Σ weight × value ÷ Σ weight`, as in the engine's views.
    pub(crate) fn with_signals(
        &self,
        query: &Query,
        projects: &[usize],
        signals: Signals,
    ) -> Vec<f64> {
        let fits = self.skill_points(query, projects).into_iter();
        fits.zip(projects)
            .map(|(fit, project)| {
                let project = &self.data.projects[*project];
                let joins = u64::from(project.joins);
                let activity = 10_000 * joins / (joins + HALF_OF_ACTIVITY);
                let is_known = query.known.contains(&project.organization());
                let organization = if is_known { 10_000 } else { 0 };
                let sum = SKILL_WEIGHT * u64::from(fit.get())
                    + signals.activity * activity
                    + signals.organization * organization;
                let whole = SKILL_WEIGHT + signals.activity + signals.organization;
                float(usize::try_from(sum / whole).unwrap())
            })
            .collect()
    }

    /// A line that an independent scorer reads: the candidates, best first.
    pub(crate) fn ranking_line(&self, query: &Query) -> String {
        let fits = self.skill_points(query, &query.candidates);
        let mut ranking: Vec<_> = fits.into_iter().zip(&query.candidates).collect();
        ranking.sort_by_key(|(points, _)| Reverse(*points));
        let names: Vec<&str> = ranking
            .iter()
            .map(|(_, project)| self.data.projects[**project].name.as_str())
            .collect();
        let line = serde_json::json!({ "id": query.id, "ranking": names });
        format!("{line}\n")
    }

    fn skill_points(&self, query: &Query, projects: &[usize]) -> Vec<BasisPoints> {
        let volunteer = volunteer(self.data, &query.profile);
        let id = volunteer.id.clone();
        let snapshot = Snapshot::new(SnapshotFacts {
            volunteers: vec![volunteer],
            roles: projects
                .iter()
                .map(|project| self.roles[*project].clone())
                .collect(),
            taxonomy: self.taxonomy.clone(),
            ..SnapshotFacts::empty(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap())
        })
        .unwrap();
        projects
            .iter()
            .map(|project| {
                let role = &self.roles[*project].id;
                match evaluate(&snapshot, &self.weights, role, &id).unwrap() {
                    Evaluation::Eligible(fit) => fit
                        .factors
                        .iter()
                        .find(|factor| factor.code == FactorCode::NiceToHave)
                        .map_or(BasisPoints::LEAST, |factor| factor.value),
                    Evaluation::Excluded(blocked) => panic!("{role}: {blocked:?}"),
                }
            })
            .collect()
    }
}

fn relations() -> Taxonomy {
    #[derive(Deserialize)]
    struct Relation {
        a: SkillId,
        b: SkillId,
        weight: f64,
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../api/data/taxonomy/relations.jsonl"
    );
    let relations = lines::<Relation>(Path::new(path)).into_iter();
    Taxonomy::new(relations.map(|Relation { a, b, weight }| SkillRelation {
        a,
        b,
        weight: BasisPoints::new(whole(weight * 10_000.0)).unwrap(),
    }))
    .unwrap()
}

/// Amounts by skill; several tokens may name the same.
fn by_skill(data: &Data, amounts: &Amounts) -> BTreeMap<SkillId, f64> {
    let mut skills = BTreeMap::new();
    for (token, amount) in amounts {
        if let Some(skill) = data.skills.get(token) {
            *skills.entry(SkillId::new(skill).unwrap()).or_insert(0.0) += amount;
        }
    }
    skills
}

fn volunteer(data: &Data, profile: &Amounts) -> Volunteer {
    let skills = by_skill(data, profile).into_iter();
    Volunteer::new(VolunteerFacts {
        skills: Some(
            skills
                .map(|(skill, amount)| SkillHave {
                    skill,
                    level: Level::new(whole(amount.ln_1p()).clamp(1, 5)).ok(),
                    years: None,
                })
                .collect(),
        ),
        ..VolunteerFacts::unknown(VolunteerId::new("person").unwrap())
    })
    .unwrap()
}

/// A role that asks what the project needs most, as nice to have: nothing in public history is a must.
fn role(data: &Data, project: usize) -> Role {
    let needs = by_skill(data, &data.projects[project].need);
    let mut needs: Vec<(SkillId, f64)> = needs.into_iter().collect();
    needs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    needs.truncate(Role::MOST_SKILLS);
    let greatest = needs.first().map_or(1.0, |(_, amount)| *amount);
    Role::new(RoleFacts {
        skills: needs
            .into_iter()
            .map(|(skill, amount)| SkillNeed {
                skill,
                kind: NeedKind::NiceToHave,
                level: Level::MOST,
                weight: NeedWeight::new(whole(10.0 * (amount / greatest).sqrt()).clamp(1, 10))
                    .unwrap(),
            })
            .collect(),
        ..RoleFacts::open(
            RoleId::new(&format!("project-{project}")).unwrap(),
            OrganizationId::new("organization").unwrap(),
        )
    })
    .unwrap()
}

#[expect(clippy::cast_possible_truncation, reason = "small amounts")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}
