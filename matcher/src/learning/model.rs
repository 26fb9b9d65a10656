//! The engine's formula as a model of chance, so that what is learned are the engine's own weights and nothing that has
//! to be translated:
//!
//! ```text
//! view   = Σ wᵢ × valueᵢ ÷ Σ wᵢ over the factors asked       wᵢ = policyᵢ × exp(δᵢ)
//! score  = kept × 2 × role × volunteer ÷ (role + volunteer)
//! chance = 1 ÷ (1 + exp(−(level + slope × (score − ½))))
//! ```
//!
//! What is minimised is the log loss, a proper scoring rule, plus `½ Σ precision × parameter²`: each `δᵢ` is drawn to 0,
//! that is, each weight towards the policy's.

use super::factor::FACTORS;
use super::outcome::Outcome;
use super::proportion::float;
use super::{factor, solver};
use crate::engine::View;
use crate::model::Weights;

/// `δ` of each factor, then level and slope.
pub(super) const PARAMETERS: usize = FACTORS + 2;
/// Precision of level and slope: a standard deviation of 10, so wide that it only keeps them finite.
const WIDE: f64 = 0.01;
/// Precision of what is not free: nothing moves it.
const FIXED: f64 = 1e12;

/// An outcome in numbers from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Example {
    values: [Option<f64>; FACTORS],
    kept: f64,
    answer: bool,
}

impl Example {
    pub(super) fn new(outcome: &Outcome, answer: bool) -> Self {
        Self {
            values: factor::ALL
                .map(|(code, _)| outcome.values.get(&code).map(|value| value.as_unit())),
            kept: 1.0 - outcome.deductions.as_unit(),
            answer,
        }
    }

    pub(super) const fn values(&self) -> &[Option<f64>; FACTORS] {
        &self.values
    }
}

/// Parameters in place.
pub(super) type Parameters = [f64; PARAMETERS];

/// The model over some examples.
pub(super) struct Model<'e> {
    examples: &'e [&'e Example],
    policy: [f64; FACTORS],
    neutral: f64,
    precision: Parameters,
}

/// What one example adds to the loss, with the slopes of its margin.
struct Term {
    chance: f64,
    loss: f64,
    gradient: Parameters,
}

impl<'e> Model<'e> {
    /// The model whose weights are drawn to the policy's with `precision`; `None` fixes them there.
    pub(super) fn new(
        examples: &'e [&'e Example],
        policy: &Weights,
        precision: Option<f64>,
    ) -> Self {
        let mut precisions = [precision.unwrap_or(FIXED); PARAMETERS];
        let [.., level, slope] = &mut precisions;
        (*level, *slope) = (WIDE, WIDE);
        Self {
            examples,
            policy: factor::weights_of(policy).map(f64::from),
            neutral: policy.neutral.as_unit(),
            precision: precisions,
        }
    }

    /// Where the search begins: the policy's weights, an even chance and a score that says something.
    pub(super) const fn start() -> Parameters {
        let mut start = [0.0; PARAMETERS];
        let [.., slope] = &mut start;
        *slope = 1.0;
        start
    }

    /// The log loss of one example.
    pub(super) fn loss_of(&self, example: &Example, parameters: &Parameters) -> f64 {
        self.term(example, parameters).loss
    }

    fn term(&self, example: &Example, parameters: &Parameters) -> Term {
        let (score, slopes) = self.score(example, parameters);
        let [.., level, slope] = parameters;
        let margin = level + slope * (score - 0.5);
        let mut gradient = [0.0; PARAMETERS];
        for (to, from) in gradient.iter_mut().zip(slopes) {
            *to = slope * from;
        }
        let [.., by_level, by_slope] = &mut gradient;
        (*by_level, *by_slope) = (1.0, score - 0.5);
        let towards = if example.answer { margin } else { -margin };
        Term {
            chance: 1.0 / (1.0 + (-margin).exp()),
            // ln(1 + exp(−towards)), without overflow on either side.
            loss: (-towards).max(0.0) + (-towards.abs()).exp().ln_1p(),
            gradient,
        }
    }

    /// The score, from 0 to 1, and its slope by each `δ`.
    #[expect(
        clippy::indexing_slicing,
        reason = "all arrays have the length of the factors"
    )]
    fn score(&self, example: &Example, parameters: &Parameters) -> (f64, [f64; FACTORS]) {
        let mut weights = [0.0; FACTORS];
        let (mut sums, mut totals) = ([0.0; 2], [0.0; 2]);
        for (at, (_, view)) in factor::ALL.iter().enumerate() {
            if let Some(value) = example.values[at] {
                let side = usize::from(*view == View::Volunteer);
                weights[at] = self.policy[at] * parameters[at].exp();
                sums[side] += weights[at] * value;
                totals[side] += weights[at];
            }
        }
        let views = [0, 1].map(|side| {
            if totals[side] > 0.0 {
                sums[side] / totals[side]
            } else {
                self.neutral
            }
        });
        let both = views[0] + views[1];
        let mut slopes = [0.0; FACTORS];
        if both <= 0.0 {
            return (0.0, slopes);
        }
        for (at, (_, view)) in factor::ALL.iter().enumerate() {
            if let Some(value) = example.values[at] {
                let side = usize::from(*view == View::Volunteer);
                let by_view = 2.0 * (views[1 - side] / both).powi(2);
                slopes[at] =
                    example.kept * by_view * weights[at] * (value - views[side]) / totals[side];
            }
        }
        (example.kept * 2.0 * views[0] * views[1] / both, slopes)
    }
}

impl solver::Problem<PARAMETERS> for Model<'_> {
    fn value(&self, at: &Parameters) -> f64 {
        let losses: f64 = self
            .examples
            .iter()
            .map(|example| self.term(example, at).loss)
            .sum();
        let penalty: f64 = at
            .iter()
            .zip(&self.precision)
            .map(|(parameter, precision)| precision * parameter * parameter)
            .sum();
        losses + penalty / 2.0
    }

    /// Slopes, and the expected curvature `Σ chance × (1 − chance) × gradient × gradientᵀ` (Fisher scoring), which is never
    /// negative, unlike the curvature itself.
    #[expect(
        clippy::indexing_slicing,
        clippy::needless_range_loop,
        reason = "a small kernel over square arrays of the parameters"
    )]
    fn slopes(&self, at: &Parameters) -> (Parameters, solver::Square<PARAMETERS>) {
        let mut gradient = [0.0; PARAMETERS];
        let mut curvature = [[0.0; PARAMETERS]; PARAMETERS];
        for example in self.examples {
            let term = self.term(example, at);
            let miss = term.chance - float(usize::from(example.answer));
            let certain = term.chance * (1.0 - term.chance);
            let rows = gradient.iter_mut().zip(&mut curvature).enumerate();
            for (row, (slope, line)) in rows {
                *slope += miss * term.gradient[row];
                for (to, by) in line.iter_mut().zip(term.gradient).take(row + 1) {
                    *to += certain * term.gradient[row] * by;
                }
            }
        }
        let pulls = self.precision.iter().zip(at);
        for (slope, (precision, parameter)) in gradient.iter_mut().zip(pulls) {
            *slope += precision * parameter;
        }
        for row in 0..PARAMETERS {
            curvature[row][row] += self.precision[row];
            for column in 0..row {
                curvature[column][row] = curvature[row][column];
            }
        }
        (gradient, curvature)
    }
}
