//! 600 skills: 20 families of 30, six clusters of five in each; which are related, and who draws which.

use matcher::model::{BasisPoints, CauseId, LanguageCode, SkillId, SkillRelation, Taxonomy};

use super::draw::{Draw, zipf};
use super::place;

pub(crate) const FAMILIES: usize = 20;
const SKILLS_IN_FAMILY: usize = 30;
const CAUSES: usize = 24;

/// Families in the order of demand; supply is in their own order.
const DEMAND: [usize; FAMILIES] = [
    1, 0, 12, 2, 4, 7, 9, 3, 15, 6, 5, 13, 8, 11, 10, 16, 14, 17, 19, 18,
];

/// Languages beside English and French, with the probability that someone works in them.
pub(crate) const OTHER_LANGUAGES: [(&str, f64); 14] = [
    ("zh", 0.055),
    ("pa", 0.045),
    ("es", 0.04),
    ("ar", 0.035),
    ("tl", 0.03),
    ("it", 0.015),
    ("de", 0.015),
    ("pt", 0.015),
    ("ur", 0.015),
    ("hi", 0.025),
    ("uk", 0.012),
    ("fa", 0.012),
    ("vi", 0.01),
    ("iu", 0.008),
];

/// Ids made once and shared, and the weights by which they are drawn.
pub(crate) struct Names {
    skills: Vec<SkillId>,
    causes: Vec<CauseId>,
    others: Vec<LanguageCode>,
    by_family: Vec<f64>,
    by_skill: Vec<f64>,
    by_cause: Vec<f64>,
    by_population: Vec<f64>,
}

impl Names {
    pub(crate) fn new() -> Self {
        let skill = |number| SkillId::new(&format!("skill-{number:03}")).unwrap();
        let cause = |number| CauseId::new(&format!("cause-{number:02}")).unwrap();
        Self {
            skills: (0..FAMILIES * SKILLS_IN_FAMILY).map(skill).collect(),
            causes: (0..CAUSES).map(cause).collect(),
            others: OTHER_LANGUAGES
                .iter()
                .map(|(code, _)| LanguageCode::new(code).unwrap())
                .collect(),
            by_family: zipf(FAMILIES, 0.8),
            by_skill: zipf(SKILLS_IN_FAMILY, 0.9),
            by_cause: zipf(CAUSES, 0.7),
            by_population: place::by_population(),
        }
    }

    pub(crate) fn skill(&self, number: usize) -> SkillId {
        self.skills[number].clone()
    }

    pub(crate) fn supplied_family(&self, draw: &mut Draw) -> usize {
        draw.pick(&self.by_family)
    }

    pub(crate) fn demanded_family(&self, draw: &mut Draw) -> usize {
        DEMAND[draw.pick(&self.by_family)]
    }

    pub(crate) fn skill_of(&self, family: usize, draw: &mut Draw) -> usize {
        family * SKILLS_IN_FAMILY + draw.pick(&self.by_skill)
    }

    pub(crate) fn cause(&self, draw: &mut Draw) -> CauseId {
        self.causes[draw.pick(&self.by_cause)].clone()
    }

    pub(crate) fn city(&self, draw: &mut Draw) -> &'static place::City {
        &place::CITIES[draw.pick(&self.by_population)]
    }

    pub(crate) fn other_language(&self, number: usize) -> LanguageCode {
        self.others[number]
    }
}

/// A family whose skills come with those of another in one person.
pub(crate) fn neighbour(family: usize, draw: &mut Draw) -> usize {
    (family + [1, FAMILIES - 1, 7][draw.below(3)]) % FAMILIES
}

/// Neighbours on the ring of a cluster 7500, others of the cluster 5000, the first of clusters of neighbouring families 2500.
pub(crate) fn taxonomy(names: &Names) -> Taxonomy {
    let mut relations = Vec::new();
    let mut relate = |a: usize, b: usize, weight| {
        relations.push(SkillRelation {
            a: names.skill(a),
            b: names.skill(b),
            weight: BasisPoints::new(weight).unwrap(),
        });
    };
    for first in (0..FAMILIES * SKILLS_IN_FAMILY).step_by(5) {
        for a in 0..5 {
            for b in a + 1..5 {
                let apart = (b - a).min(5 + a - b);
                relate(first + a, first + b, if apart == 1 { 7_500 } else { 5_000 });
            }
        }
        let next_family = (first + SKILLS_IN_FAMILY) % (FAMILIES * SKILLS_IN_FAMILY);
        relate(first, next_family, 2_500);
    }
    Taxonomy::new(relations).unwrap()
}
