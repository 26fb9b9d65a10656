//! Skills: what people have, what roles need, and how skills are related.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{BasisPoints, Invalid, Level, NeedWeight, Rule, SkillId, Years};

/// A skill that a volunteer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillHave {
    /// Which skill.
    pub skill: SkillId,
    /// How well; `None` when the volunteer did not say.
    pub level: Option<Level>,
    /// Years of practice; `None` when the volunteer did not say.
    pub years: Option<Years>,
}

/// Whether a role cannot do without a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedKind {
    /// Lacking it altogether closes a gate, unless the role has a learning seat and the volunteer wishes to learn it.
    MustHave,
    /// Lacking it costs points.
    NiceToHave,
}

/// A skill that a role needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillNeed {
    /// Which skill.
    pub skill: SkillId,
    /// Must-have or nice-to-have.
    pub kind: NeedKind,
    /// The level at which the need is met in full.
    pub level: Level,
    /// How much it counts among the needs of its kind.
    pub weight: NeedWeight,
}

/// Two skills of which one stands in, in part, for the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillRelation {
    /// One skill.
    pub a: SkillId,
    /// The other.
    pub b: SkillId,
    /// How near they are. The weights bound what nearness is worth: never more than half of the skill itself.
    pub weight: BasisPoints,
}

/// How skills are related. Relations hold both ways; each pair is given once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Taxonomy {
    related: BTreeMap<SkillId, Vec<(SkillId, BasisPoints)>>,
}

impl Taxonomy {
    /// Checks that no pair is given twice and no skill is related to itself.
    pub fn new(relations: impl IntoIterator<Item = SkillRelation>) -> Result<Self, Vec<Invalid>> {
        let mut related: BTreeMap<SkillId, BTreeMap<SkillId, BasisPoints>> = BTreeMap::new();
        let mut faults = Vec::new();
        for (position, SkillRelation { a, b, weight }) in relations.into_iter().enumerate() {
            if a == b {
                faults.push(Rule::SelfRelation.at(format!("relations[{position}]")));
                continue;
            }
            if related
                .entry(a.clone())
                .or_default()
                .insert(b.clone(), weight)
                .is_some()
            {
                faults.push(
                    Rule::Duplicate {
                        value: format!("{a} – {b}"),
                    }
                    .at(format!("relations[{position}]")),
                );
            }
            related.entry(b).or_default().insert(a, weight);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let related = related
            .into_iter()
            .map(|(skill, near)| (skill, near.into_iter().collect()))
            .collect();
        Ok(Self { related })
    }

    /// The skills related to `skill`, by id.
    pub fn related_to(&self, skill: &SkillId) -> &[(SkillId, BasisPoints)] {
        self.related.get(skill).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(a: &str, b: &str) -> SkillRelation {
        SkillRelation {
            a: SkillId::new(a).unwrap(),
            b: SkillId::new(b).unwrap(),
            weight: BasisPoints::new(7_500).unwrap(),
        }
    }

    #[test]
    fn relations_hold_both_ways() {
        let taxonomy = Taxonomy::new([relation("react", "vue")]).unwrap();
        for (from, to) in [("react", "vue"), ("vue", "react")] {
            let [(near, weight)] = taxonomy.related_to(&SkillId::new(from).unwrap()) else {
                panic!("one relation")
            };
            assert_eq!((near.as_str(), weight.get()), (to, 7_500));
        }
    }

    #[test]
    fn a_pair_given_twice_in_either_order_and_a_skill_with_itself_are_refused() {
        let faults = Taxonomy::new([relation("a", "b"), relation("b", "a"), relation("c", "c")])
            .unwrap_err();
        assert_eq!(
            faults[0].rule,
            Rule::Duplicate {
                value: "b – a".into()
            }
        );
        assert_eq!(faults[1], Rule::SelfRelation.at("relations[2]"));
    }
}
