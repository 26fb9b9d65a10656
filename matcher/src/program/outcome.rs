//! An outcome from the cells of a record.

use std::collections::BTreeMap;

use super::cell::{Cells, unreadable};
use super::record::Kind;
use super::relation::share;
use crate::engine::FactorCode;
use crate::learning::{Answer, Outcome};
use crate::model::{Expected, RoleId, Rule, VolunteerId};

/// An outcome: the fields of the factors hold a value, or nothing where the role did not ask.
pub(crate) const KIND: Kind = Kind {
    fields: FIELDS,
    needed: &["role", "volunteer", "answer", "score"],
    key: "role",
};

const FIELDS: &[&str] = &[
    "role",
    "volunteer",
    "answer",
    "reason",
    "score",
    "deductions",
    "must_have",
    "nice_to_have",
    "evidence",
    "meeting",
    "hours",
    "causes",
    "wish",
    "place",
    "languages",
];

const FACTORS: [(&str, FactorCode); 9] = [
    ("must_have", FactorCode::MustHave),
    ("nice_to_have", FactorCode::NiceToHave),
    ("evidence", FactorCode::Evidence),
    ("meeting", FactorCode::Meeting),
    ("hours", FactorCode::Hours),
    ("causes", FactorCode::Causes),
    ("wish", FactorCode::Wish),
    ("place", FactorCode::Place),
    ("languages", FactorCode::Languages),
];

pub(crate) fn decode(cells: &mut Cells<'_>) -> Option<Outcome> {
    let role = cells.need("role", RoleId::new);
    let volunteer = cells.need("volunteer", VolunteerId::new);
    let answer = cells.need("answer", answer);
    let score = cells.need("score", share);
    let deductions = cells.parse("deductions", share);
    let reason = cells.text("reason").map(str::to_owned);
    let mut values = BTreeMap::new();
    for (field, code) in FACTORS {
        if let Some(value) = cells.parse(field, share) {
            values.insert(code, value);
        }
    }
    Some(Outcome {
        role: role?,
        volunteer: volunteer?,
        score: score?,
        deductions: deductions.unwrap_or(crate::model::BasisPoints::LEAST),
        values,
        answer: answer?,
        reason,
    })
    .filter(|_| cells.are_valid())
}

/// The pair that an outcome is of.
pub(crate) fn name(outcome: &Outcome) -> String {
    format!("{} – {}", outcome.role, outcome.volunteer)
}

fn answer(text: &str) -> Result<Answer, Rule> {
    let known = Answer::ALL
        .into_iter()
        .find(|answer| answer.as_str() == text);
    known.ok_or_else(|| {
        let answers = Answer::ALL.map(Answer::as_str).join(", ");
        unreadable(Expected::notation(answers), text)
    })
}
