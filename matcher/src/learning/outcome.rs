//! What was predicted of a pair when it was proposed, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::engine::{FactorCode, Fit, View};
use crate::model::{BasisPoints, RoleId, VolunteerId};

/// What became of a proposed pair: the last that is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A coordinator said no.
    Rejected,
    /// A coordinator said yes; the two have not both answered.
    Approved,
    /// One of the two said no.
    Declined,
    /// No answer came in time.
    Expired,
    /// Both said yes; the placement has not ended.
    Accepted,
    /// The placement ended as meant.
    Completed,
    /// The placement ended early.
    Ended,
    /// The placement never began.
    NoShow,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Self; 8] = [
        Self::Rejected,
        Self::Approved,
        Self::Declined,
        Self::Expired,
        Self::Accepted,
        Self::Completed,
        Self::Ended,
        Self::NoShow,
    ];

    /// The code in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Completed => "completed",
            Self::Ended => "ended",
            Self::NoShow => "no_show",
        }
    }
}

/// The question that outcomes answer with yes or no. Each is asked of those pairs alone that got so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Did a coordinator approve the suggestion?
    Approval,
    /// Did both sides accept the offer in time?
    Acceptance,
    /// Did the placement end as meant?
    Completion,
}

impl Target {
    /// Yes, no, or nothing yet.
    pub const fn of(self, answer: Answer) -> Option<bool> {
        match (self, answer) {
            (Self::Approval, Answer::Rejected)
            | (Self::Acceptance, Answer::Declined | Answer::Expired)
            | (Self::Completion, Answer::Ended | Answer::NoShow) => Some(false),
            (Self::Approval, _)
            | (
                Self::Acceptance,
                Answer::Accepted | Answer::Completed | Answer::Ended | Answer::NoShow,
            )
            | (Self::Completion, Answer::Completed) => Some(true),
            _ => None,
        }
    }
}

/// A proposed pair with its prediction and its answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Outcome {
    /// Which role.
    pub role: RoleId,
    /// Which volunteer.
    pub volunteer: VolunteerId,
    /// The score it was proposed with.
    pub score: BasisPoints,
    /// What was taken off the combined fit for load, exposure and a short wait.
    pub deductions: BasisPoints,
    /// The value of each factor that the role asked; adjustments are not among them.
    pub values: BTreeMap<FactorCode, BasisPoints>,
    /// What became of it.
    pub answer: Answer,
    /// The code of the reason, where one was given.
    pub reason: Option<String>,
}

impl Outcome {
    /// The outcome of a pair that was proposed with this fit.
    pub fn new(
        role: RoleId,
        volunteer: VolunteerId,
        fit: &Fit,
        answer: Answer,
        reason: Option<String>,
    ) -> Self {
        let (adjustments, factors): (Vec<_>, Vec<_>) = fit
            .factors
            .iter()
            .partition(|factor| factor.view == View::Adjustment);
        let deductions = adjustments
            .iter()
            .map(|factor| u64::from(factor.value.get()))
            .sum();
        Self {
            role,
            volunteer,
            score: fit.score,
            deductions: BasisPoints::capped(deductions),
            values: factors
                .into_iter()
                .map(|factor| (factor.code, factor.value))
                .collect(),
            answer,
            reason,
        }
    }
}

/// Which outcomes count, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// The question.
    pub target: Target,
    /// Reasons that say nothing of the fit, as that the help is no longer needed: such outcomes do not count.
    pub beside_the_point: BTreeSet<String>,
}

impl Criterion {
    /// All outcomes that answer the question.
    pub const fn all(target: Target) -> Self {
        Self {
            target,
            beside_the_point: BTreeSet::new(),
        }
    }

    /// The outcomes that count, in order, with their answer.
    pub(super) fn decided<'o>(&self, outcomes: &'o [Outcome]) -> Vec<(&'o Outcome, bool)> {
        let mut decided: Vec<_> = outcomes
            .iter()
            .filter(|outcome| {
                let reason = outcome.reason.as_ref();
                reason.is_none_or(|reason| !self.beside_the_point.contains(reason))
            })
            .filter_map(|outcome| Some((outcome, self.target.of(outcome.answer)?)))
            .collect();
        decided.sort_unstable();
        decided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_is_asked_of_those_that_got_so_far() {
        let asked = |target: Target| Answer::ALL.map(|answer| target.of(answer));
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(
            asked(Target::Approval),
            [no, yes, yes, yes, yes, yes, yes, yes]
        );
        assert_eq!(
            asked(Target::Acceptance),
            [None, None, no, no, yes, yes, yes, yes]
        );
        assert_eq!(
            asked(Target::Completion),
            [None, None, None, None, None, yes, no, no]
        );
    }

    #[test]
    fn codes_are_those_of_the_serialized_form() {
        for answer in Answer::ALL {
            let json = serde_json::to_value(answer).unwrap();
            assert_eq!(json, answer.as_str());
        }
    }
}
