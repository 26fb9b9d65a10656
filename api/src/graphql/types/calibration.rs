//! Predictions set against what happened.

use async_graphql::{Enum, SimpleObject};
use entity::language::Language;
use matcher::learning::{self, Bin, Proportion};
use matcher::model::{BasisPoints, Locale};

use super::factor::{FactorCode, unit};
use super::pairing_reason::PairingReason;
use crate::domain::learning::calibrate::Calibrated;
use crate::domain::learning::outcomes::NotReadable;
use crate::domain::matching::explanation::factor_name;
use crate::domain::pairings::reason::Reason;

/// A question that outcomes answer with yes or no. Each is asked of those pairs alone that got so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "matcher::learning::Target")]
pub enum LearningQuestion {
    /// Did a coordinator approve the suggestion?
    Approval,
    /// Did both sides accept the offer in time?
    Acceptance,
    /// Was the placement completed as meant?
    Completion,
}

/// How often what the matcher predicted came true. It changes nothing.
#[derive(SimpleObject)]
pub struct Calibration {
    /// The question.
    question: LearningQuestion,
    /// The report in sentences, one finding each, in the request's language.
    words: Vec<String>,
    /// All outcomes that answer the question.
    overall: AnsweredShare,
    /// Outcomes that do not answer it, or not yet.
    undecided: u64,
    /// Set when there are too few outcomes for firm conclusions.
    too_few: Option<TooFewOutcomes>,
    /// Whether older outcomes were left out because there are too many.
    is_truncated: bool,
    /// Outcomes that do not count because what was predicted of them cannot be read any more; null when there are none.
    not_readable: Option<UnreadableOutcomes>,
    /// The chance, 0 to 1, that a yes has a higher score than a no; 0.5 is no better than a coin. Null without both.
    discrimination: Option<f64>,
    /// By the score with which the pair was proposed, in tenths; empty ones are left out.
    by_score: Vec<CalibrationBin>,
    /// By factor; factors that no role asked are left out.
    by_factor: Vec<FactorCalibration>,
    /// The reasons given for a no, those that say nothing of the fit too, the most frequent first.
    reasons: Vec<ReasonCount>,
}

impl Calibration {
    /// In `language`.
    pub fn new(found: &Calibrated, language: Language) -> Self {
        let calibration = &found.calibration;
        let mut reasons: Vec<_> = calibration
            .reasons
            .iter()
            .filter_map(|(code, count)| Some((Reason::from_code(code)?, *count)))
            .collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let not_readable = UnreadableOutcomes::new(&found.not_readable, language);
        let mut words = calibration.words(locale(language));
        words.extend(not_readable.as_ref().map(|it| it.message.clone()));
        Self {
            question: calibration.target.into(),
            words,
            overall: calibration.overall.into(),
            undecided: calibration.undecided as u64,
            too_few: calibration
                .too_few
                .map(|too_few| TooFewOutcomes::new(too_few, language)),
            is_truncated: found.is_truncated,
            not_readable,
            discrimination: share(calibration.discrimination),
            by_score: calibration
                .by_score
                .iter()
                .copied()
                .map(Into::into)
                .collect(),
            by_factor: calibration
                .by_factor
                .iter()
                .map(|factor| FactorCalibration {
                    code: factor.code.into(),
                    label: factor_name(factor.code).in_language(language).to_owned(),
                    asked: factor.asked as u64,
                    discrimination: share(factor.discrimination),
                    bins: factor.bins.iter().copied().map(Into::into).collect(),
                })
                .collect(),
            reasons: reasons
                .into_iter()
                .map(|(reason, count)| ReasonCount {
                    reason: reason.into(),
                    words: match language {
                        Language::En => reason.words().0.to_owned(),
                        Language::Fr => reason.words().1.to_owned(),
                    },
                    count: count as u64,
                })
                .collect(),
        }
    }
}

/// How many outcomes are yeses, with the Wilson interval of 95 %.
#[derive(SimpleObject)]
pub struct AnsweredShare {
    /// Yeses.
    yes: u64,
    /// Outcomes.
    of: u64,
    /// The share of yeses, 0 to 1; null without outcomes.
    share: Option<f64>,
    /// The lower end of the interval, 0 to 1.
    low: Option<f64>,
    /// The upper end of the interval, 0 to 1.
    high: Option<f64>,
}

impl From<Proportion> for AnsweredShare {
    fn from(proportion: Proportion) -> Self {
        let (low, high) = proportion.interval.unzip();
        Self {
            yes: proportion.yes as u64,
            of: proportion.of as u64,
            share: share(proportion.share),
            low: share(low),
            high: share(high),
        }
    }
}

/// Outcomes whose predicted value lies in a range.
#[derive(SimpleObject)]
pub struct CalibrationBin {
    /// The least value, 0 to 1.
    from: f64,
    /// The greatest value, 0 to 1; itself in the next range unless it is 1.
    to: f64,
    /// The mean of the predicted values, 0 to 1.
    mean: f64,
    /// What happened.
    observed: AnsweredShare,
}

impl From<Bin> for CalibrationBin {
    fn from(bin: Bin) -> Self {
        let unit = |points: BasisPoints| unit(points.get().into());
        Self {
            from: unit(bin.from),
            to: unit(bin.to),
            mean: unit(bin.mean),
            observed: bin.observed.into(),
        }
    }
}

/// How one factor relates to what happened.
#[derive(SimpleObject)]
pub struct FactorCalibration {
    /// Which factor.
    code: FactorCode,
    /// Its name, in the request's language.
    label: String,
    /// Outcomes whose role asked it.
    asked: u64,
    /// The chance, 0 to 1, that a yes has a higher value than a no; 0.5 is no better than a coin. Null without both.
    discrimination: Option<f64>,
    /// By value, in fifths; empty ones are left out.
    bins: Vec<CalibrationBin>,
}

/// How often a reason was given.
#[derive(SimpleObject)]
pub struct ReasonCount {
    /// The reason.
    reason: PairingReason,
    /// In a sentence, in the request's language.
    words: String,
    /// How often.
    count: u64,
}

/// Too few outcomes to say anything firm.
#[derive(SimpleObject)]
pub struct TooFewOutcomes {
    /// Outcomes with a yes.
    yes: u64,
    /// Outcomes with a no.
    no: u64,
    /// How many of each are needed.
    needed_of_each: u64,
    /// What is missing, in the request's language.
    message: String,
}

impl TooFewOutcomes {
    /// In `language`.
    pub fn new(too_few: learning::TooFew, language: Language) -> Self {
        Self {
            yes: too_few.yes as u64,
            no: too_few.no as u64,
            needed_of_each: too_few.needed_of_each as u64,
            message: too_few.words(locale(language)),
        }
    }
}

/// Outcomes whose prediction was stored in a form that is not known any more.
#[derive(SimpleObject)]
pub struct UnreadableOutcomes {
    /// How many.
    count: u64,
    /// The codes of the factors that are not known; empty where the stored form itself is another.
    factors: Vec<String>,
    /// That they do not count and why, in the request's language.
    pub(super) message: String,
}

impl UnreadableOutcomes {
    /// In `language`; nothing when all can be read.
    pub fn new(found: &NotReadable, language: Language) -> Option<Self> {
        Some(Self {
            count: found.count as u64,
            factors: found.factors.iter().cloned().collect(),
            message: found.words()?.in_language(language).to_owned(),
        })
    }
}

/// The matcher's name of a language.
pub(super) const fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::En,
        Language::Fr => Locale::Fr,
    }
}

fn share(points: Option<BasisPoints>) -> Option<f64> {
    points.map(|points| unit(points.get().into()))
}
