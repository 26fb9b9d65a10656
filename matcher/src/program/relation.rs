//! A relation of two skills from the cells of a record.

use super::cell::{Cells, unreadable};
use super::record::Kind;
use crate::model::{BasisPoints, Expected, Rule, SkillId, SkillRelation};

/// A relation; the pair is known by the first two fields.
pub(crate) const KIND: Kind = Kind {
    fields: FIELDS,
    needed: FIELDS,
    key: "a",
};

const FIELDS: &[&str] = &["a", "b", "weight"];

pub(crate) fn decode(cells: &mut Cells<'_>) -> Option<SkillRelation> {
    let a = cells.need("a", SkillId::new);
    let b = cells.need("b", SkillId::new);
    let weight = cells.need("weight", share);
    if a.is_some() && a == b {
        cells.refuse("b", Rule::SelfRelation);
        return None;
    }
    Some(SkillRelation {
        a: a?,
        b: b?,
        weight: weight?,
    })
}

/// Both skills in one order, so that a pair given the other way round is the same.
pub(crate) fn name(relation: &SkillRelation) -> String {
    let (first, second) = if relation.a <= relation.b {
        (&relation.a, &relation.b)
    } else {
        (&relation.b, &relation.a)
    };
    format!("{first} – {second}")
}

/// From 0 to 1, to the ten-thousandth.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 10 000")]
pub(crate) fn share(text: &str) -> Result<BasisPoints, Rule> {
    let expected = || {
        let expected = Expected::new("a number from 0 to 1", "un nombre de 0 à 1");
        unreadable(expected, text)
    };
    let number: f64 = text.parse().map_err(|_| expected())?;
    if !(0.0..=1.0).contains(&number) {
        return Err(expected());
    }
    BasisPoints::new((number * 10_000.0).round() as i64)
}
