//! The weights that would have predicted the answers better, drawn towards the policy. A proposal with its evidence;
//! whether it becomes policy is decided by people.

use serde::Serialize;

use super::factor::{FACTORS, weights_of, with_weights};
use super::model::{Example, Model};
use super::outcome::{Criterion, Outcome, Target};
use super::proportion::Z;
use super::{TooFew, factor, solver, validation};
use crate::engine::{FactorCode, View};
use crate::model::Weights;

pub use super::validation::HeldOut;

/// How far to go from the policy, and what to ask for before going anywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RefitOptions {
    /// How far off the policy's weights are believed to be: the factor that is one standard deviation of the prior,
    /// above 1. With 2, a weight is half or double in a third of all cases.
    pub doubt: f64,
    /// Outcomes of the rarer answer asked for each weight that is fitted (Peduzzi et al., Journal of Clinical
    /// Epidemiology 49, 1996: ten).
    pub outcomes_per_weight: usize,
    /// Parts in which the outcomes are held out in turn; at least 2.
    pub parts: usize,
}

impl Default for RefitOptions {
    fn default() -> Self {
        Self {
            doubt: 2.0,
            outcomes_per_weight: 10,
            parts: 5,
        }
    }
}

/// Other weights, and what speaks for them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refit {
    /// The question that was learned from.
    pub target: Target,
    /// Outcomes with a yes.
    pub yes: usize,
    /// Outcomes with a no.
    pub no: usize,
    /// The policy with the proposed weights, everything else as it was; the version says where it comes from.
    pub proposed: Weights,
    /// Weight by weight.
    pub factors: Vec<FactorRefit>,
    /// The test on outcomes that the fit did not see.
    pub held_out: HeldOut,
    /// Whether the search ended at a minimum. If not, the proposal means nothing.
    pub is_minimum: bool,
    /// Steps of the search.
    pub steps: u32,
}

/// What was learned of one weight. Weights are parts of their view in basis points, so that policies compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FactorRefit {
    /// Which factor.
    pub code: FactorCode,
    /// Whether the outcomes say anything of it. If not, the policy's ratio is kept.
    pub is_informed: bool,
    /// The policy's weight.
    pub policy: u16,
    /// The proposed weight.
    pub proposed: u16,
    /// Its interval of 95 %, the other weights held.
    pub interval: (u16, u16),
}

/// Fits the weights to the outcomes that count.
///
/// # Errors
/// When one of the answers is too rare for the number of weights.
pub fn refit(
    outcomes: &[Outcome],
    criterion: &Criterion,
    policy: &Weights,
    options: &RefitOptions,
) -> Result<Refit, TooFew> {
    let decided = criterion.decided(outcomes);
    let examples: Vec<Example> = decided
        .iter()
        .map(|(outcome, answer)| Example::new(outcome, *answer))
        .collect();
    let yes = decided.iter().filter(|(_, answer)| *answer).count();
    let no = decided.len() - yes;
    let informed = informed(&examples);
    let fitted = informed.iter().filter(|is_informed| **is_informed).count();
    let needed = options.outcomes_per_weight * fitted.max(1);
    if let Some(too_few) = TooFew::check(yes, no, needed) {
        return Err(too_few);
    }

    let precision = options.doubt.max(1.0 + f64::EPSILON).ln().powi(-2);
    let all: Vec<&Example> = examples.iter().collect();
    let model = Model::new(&all, policy, Some(precision));
    let solution = solver::minimise(&model, Model::start());
    let (proposed, factors) = propose(policy, informed, &solution);
    let volunteers = decided.iter().map(|(outcome, _)| &outcome.volunteer);
    Ok(Refit {
        target: criterion.target,
        yes,
        no,
        proposed,
        factors,
        held_out: validation::held_out(
            &examples,
            volunteers,
            policy,
            precision,
            options.parts.max(2),
        ),
        is_minimum: solution.is_minimum,
        steps: solution.steps,
    })
}

/// Which factors the outcomes say anything of: those that differ where another of the same view is asked too. A factor that is
/// alone in its view has nothing to be weighed against.
fn informed(examples: &[Example]) -> [bool; FACTORS] {
    let mut first: [Option<f64>; FACTORS] = [None; FACTORS];
    let mut informed = [false; FACTORS];
    for example in examples {
        let asked = |view: View| {
            let values = example.values().iter().zip(factor::ALL);
            values
                .filter(|(value, (_, of))| *of == view && value.is_some())
                .count()
        };
        let (of_role, of_volunteer) = (asked(View::Role), asked(View::Volunteer));
        let rows = example.values().iter().zip(factor::ALL);
        for ((value, (_, view)), (first, informed)) in rows.zip(first.iter_mut().zip(&mut informed))
        {
            let beside = if view == View::Role {
                of_role
            } else {
                of_volunteer
            };
            if let Some(value) = value.filter(|_| beside > 1) {
                *informed |= first.get_or_insert(value).to_bits() != value.to_bits();
            }
        }
    }
    informed
}

/// Scales the fitted weights to parts of 1000 of their view, at least 1, as a policy wants them.
fn propose<const N: usize>(
    policy: &Weights,
    informed: [bool; FACTORS],
    solution: &solver::Solution<N>,
) -> (Weights, Vec<FactorRefit>) {
    let before = weights_of(policy).map(f64::from);
    let ratios = solution.at.iter().copied();
    let mut fitted = before;
    for (weight, ratio) in fitted.iter_mut().zip(ratios) {
        *weight *= ratio.exp();
    }
    let whole = |weights: &[f64; FACTORS], view: View| -> f64 {
        let parts = weights.iter().zip(factor::ALL);
        parts
            .filter(|(_, (_, of))| *of == view)
            .map(|(weight, _)| weight)
            .sum()
    };
    let mut weights = [1; FACTORS];
    let mut factors = Vec::with_capacity(FACTORS);
    let rows = factor::ALL.iter().zip(informed).zip(before).zip(fitted);
    let spreads = solution
        .variances
        .iter()
        .map(|variance| Z * variance.sqrt());
    for ((((&(code, view), is_informed), before_one), fitted_one), (spread, weight)) in
        rows.zip(spreads.zip(&mut weights))
    {
        let all = whole(&fitted, view);
        let part = |part: f64, all: f64| whole_number(10_000.0 * part / all);
        // The part of one weight when it alone is multiplied.
        let moved = |by: f64| {
            let moved = fitted_one * by.exp();
            part(moved, all - fitted_one + moved)
        };
        *weight = whole_number(1_000.0 * fitted_one / all).clamp(1, 1_000);
        factors.push(FactorRefit {
            code,
            is_informed,
            policy: part(before_one, whole(&before, view)),
            proposed: part(fitted_one, all),
            interval: (moved(-spread), moved(spread)),
        });
    }
    let mut proposed = with_weights(policy, weights);
    proposed.version = format!("{} refit", policy.version);
    (proposed, factors)
}

/// Rounds a number from 0 to 10 000.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of the type"
)]
fn whole_number(number: f64) -> u16 {
    number.clamp(0.0, 10_000.0).round() as u16
}
