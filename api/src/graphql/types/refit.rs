//! Weights that would have predicted better, as a proposal.

use async_graphql::SimpleObject;
use entity::language::Language;

use super::calibration::{LearningQuestion, TooFewOutcomes, UnreadableOutcomes, locale};
use super::factor::{FactorCode, unit};
use crate::domain::learning::refit::{self, Refitted};
use crate::domain::matching::explanation::factor_name;

/// Weights fitted to what happened, drawn towards the policy's. A proposal: nothing is applied.
#[derive(SimpleObject)]
pub struct Refit {
    /// The question that was learned from.
    question: LearningQuestion,
    /// How many outcomes are missing; null when there are enough.
    too_few: Option<TooFewOutcomes>,
    /// The weights and what speaks for them; null when there are too few outcomes.
    proposal: Option<RefitProposal>,
    /// Whether older outcomes were left out because there are too many.
    is_truncated: bool,
    /// Outcomes that do not count because what was predicted of them cannot be read any more; null when there are none.
    not_readable: Option<UnreadableOutcomes>,
    /// The report in sentences, one finding each, in the request's language.
    words: Vec<String>,
}

impl Refit {
    /// In `language`.
    pub fn new(found: &Refitted, language: Language) -> Self {
        let not_readable = UnreadableOutcomes::new(&found.not_readable, language);
        let (too_few, proposal, mut words) = match &found.outcome {
            Ok(proposal) => (
                None,
                Some(RefitProposal::new(proposal, language)),
                proposal.refit.words(locale(language)),
            ),
            Err(too_few) => (
                Some(TooFewOutcomes::new(*too_few, language)),
                None,
                vec![too_few.words(locale(language))],
            ),
        };
        words.extend(not_readable.as_ref().map(|it| it.message.clone()));
        Self {
            question: found.target.into(),
            too_few,
            proposal,
            is_truncated: found.is_truncated,
            not_readable,
            words,
        }
    }
}

/// Other weights, and what speaks for them.
#[derive(SimpleObject)]
pub struct RefitProposal {
    /// Outcomes with a yes.
    yes: u64,
    /// Outcomes with a no.
    no: u64,
    /// Weight by weight.
    weights: Vec<WeightRefit>,
    /// The test on people whom the fit did not see.
    held_out: HeldOutLoss,
    /// Whether the search ended. If not, the proposal means nothing.
    is_minimum: bool,
    /// The whole policy with the proposed weights, as a file of weights; `replay` takes it.
    weights_toml: String,
}

impl RefitProposal {
    fn new(proposal: &refit::Proposal, language: Language) -> Self {
        let refit = &proposal.refit;
        let weights = refit.factors.iter().map(|factor| {
            let part = |points: u16| unit(points.into());
            WeightRefit {
                code: factor.code.into(),
                label: factor_name(factor.code).in_language(language).to_owned(),
                is_informed: factor.is_informed,
                policy: part(factor.policy),
                proposed: part(factor.proposed),
                low: part(factor.interval.0),
                high: part(factor.interval.1),
            }
        });
        Self {
            yes: refit.yes as u64,
            no: refit.no as u64,
            weights: weights.collect(),
            held_out: HeldOutLoss {
                policy: refit.held_out.policy,
                refit: refit.held_out.refit,
                gain: refit.held_out.gain,
                gain_low: refit.held_out.interval.0,
                gain_high: refit.held_out.interval.1,
                is_better: refit.held_out.is_better(),
            },
            is_minimum: refit.is_minimum,
            weights_toml: proposal.toml.clone(),
        }
    }
}

/// What was learned of one weight. Weights are shares, 0 to 1, of their view, so that policies compare.
#[derive(SimpleObject)]
pub struct WeightRefit {
    /// Which factor.
    code: FactorCode,
    /// Its name, in the request's language.
    label: String,
    /// Whether the outcomes say anything of it. If not, the policy's ratio is kept.
    is_informed: bool,
    /// The policy's weight.
    policy: f64,
    /// The proposed weight.
    proposed: f64,
    /// The lower end of its interval of 95 %, the other weights held.
    low: f64,
    /// The upper end.
    high: f64,
}

/// The mean log loss on people held out whole, in five parts; ln 2 (0.693) is a coin.
#[derive(SimpleObject)]
pub struct HeldOutLoss {
    /// With the policy's weights.
    policy: f64,
    /// With weights fitted to the other parts.
    refit: f64,
    /// What the refit gains; positive when it is better.
    gain: f64,
    /// The lower end of the gain's interval of 95 %, over people.
    gain_low: f64,
    /// The upper end.
    gain_high: f64,
    /// Whether the whole interval is above 0.
    is_better: bool,
}
