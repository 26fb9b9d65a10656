//! The parts of a score, with reasons in words.

use async_graphql::{Enum, SimpleObject};
use entity::language::Language;

use crate::domain::matching::explanation::{ExplainedFactor, Explanation};

/// One part of a score. The points of all parts sum to the score.
#[derive(SimpleObject)]
pub struct Factor {
    /// Which factor.
    code: FactorCode,
    /// Whose view it belongs to.
    view: FactorView,
    /// Its name, in the request's language.
    label: String,
    /// How well the two fit in it, 0 to 1; for an adjustment, the share of the score that is taken off.
    value: f64,
    /// How much of the value rests on known facts, 0 to 1.
    confidence: f64,
    /// Its weight among the factors of its view; 0 for adjustments.
    weight: i32,
    /// Its part of the score, from -1 to 1; negative for adjustments.
    points: f64,
    /// What it saw, in the request's language.
    words: String,
}

impl Factor {
    fn new(factor: &ExplainedFactor, language: Language) -> Self {
        Self {
            code: factor.code.into(),
            view: factor.view.into(),
            label: factor.label.in_language(language).to_owned(),
            value: unit(factor.value_bp.into()),
            confidence: unit(factor.known_bp.into()),
            weight: factor.weight.into(),
            points: unit(factor.points),
            words: factor.words.in_language(language).to_owned(),
        }
    }

    /// All parts of an explanation.
    pub fn list(explanation: &Explanation, language: Language) -> Vec<Self> {
        explanation
            .factors
            .iter()
            .map(|factor| Self::new(factor, language))
            .collect()
    }
}

/// What a factor costs a score because it is not full.
#[derive(SimpleObject)]
pub struct FactorLoss {
    /// Which factor.
    code: FactorCode,
    /// Whose view it belongs to.
    view: FactorView,
    /// Its name, in the request's language.
    label: String,
    /// By how much the score would be higher, 0 to 1, if this factor alone were full and all else stayed as it is. What
    /// several cost together is not the sum.
    points: f64,
    /// Why it is not full, in the request's language.
    words: String,
}

impl FactorLoss {
    /// The factors of an explanation that cost something, the dearest first.
    pub fn list(explanation: &Explanation, language: Language) -> Vec<Self> {
        let losses = explanation.losses().into_iter();
        losses
            .map(|(factor, loss)| Self {
                code: factor.code.into(),
                view: factor.view.into(),
                label: factor.label.in_language(language).to_owned(),
                points: unit(loss.points.into()),
                words: loss.words.in_language(language).to_owned(),
            })
            .collect()
    }
}

/// Basis points as a number from 0 to 1.
pub fn unit(basis_points: i32) -> f64 {
    f64::from(basis_points) / 10_000.0
}

/// What is looked at in a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "matcher::engine::FactorCode")]
pub enum FactorCode {
    /// Must-have skills, by level.
    MustHave,
    /// Nice-to-have skills, by level.
    NiceToHave,
    /// Years of practice in the skills asked.
    Evidence,
    /// Time in which both can meet.
    Meeting,
    /// Hours left for the hours asked.
    Hours,
    /// Causes in common.
    Causes,
    /// Skills asked that the volunteer wishes to learn.
    Wish,
    /// Nearness, or remote work.
    Place,
    /// Languages spoken.
    Languages,
    /// How long the volunteer has waited.
    Waiting,
    /// Placements and open offers the volunteer has.
    Load,
    /// How often either side was proposed lately.
    Exposure,
}

/// Whose view a factor belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "matcher::engine::View")]
pub enum FactorView {
    /// What the role gets.
    Role,
    /// What the volunteer gets.
    Volunteer,
    /// What is taken off at the end.
    Adjustment,
}
