//! Predicted fit against what happened: by score and by factor, in bins with counts and intervals.

use std::collections::BTreeMap;

use serde::Serialize;

use super::outcome::{Criterion, Outcome, Target};
use super::proportion::Proportion;
use super::{TooFew, factor};
use crate::engine::FactorCode;
use crate::model::BasisPoints;

/// Bins of the score: tenths.
const SCORE_BINS: u16 = 10;
/// Bins of a factor: fifths.
const FACTOR_BINS: u16 = 5;
/// Yeses and noes for which a calibration is firm: 100 of each (Vergouwe et al., Journal of Clinical Epidemiology 58,
/// 2005). With fewer the bins are shown all the same; their intervals are wide.
const FIRM: usize = 100;

/// How often what was predicted came true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calibration {
    /// The question.
    pub target: Target,
    /// All outcomes that answer it.
    pub overall: Proportion,
    /// Outcomes that do not, or not yet.
    pub undecided: usize,
    /// Set when there are too few for firm conclusions.
    pub too_few: Option<TooFew>,
    /// By the score with which the pair was proposed; empty bins are left out.
    pub by_score: Vec<Bin>,
    /// How well the score tells yes from no; see [`FactorCalibration::discrimination`].
    pub discrimination: Option<BasisPoints>,
    /// By factor; factors that no role asked are left out.
    pub by_factor: Vec<FactorCalibration>,
    /// Reasons given, of all outcomes, those beside the point too.
    pub reasons: BTreeMap<String, usize>,
}

/// Outcomes whose predicted value lies in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bin {
    /// Least value.
    pub from: BasisPoints,
    /// Greatest value, itself in the next bin unless it is 10 000.
    pub to: BasisPoints,
    /// Mean of the predicted values, rounded down.
    pub mean: BasisPoints,
    /// What happened.
    pub observed: Proportion,
}

/// How one factor relates to what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactorCalibration {
    /// Which factor.
    pub code: FactorCode,
    /// Outcomes whose role asked it.
    pub asked: usize,
    /// The chance that a yes has a higher value than a no, ties counting half (the area under the ROC curve): 5000 is no
    /// better than a coin. `None` without both.
    pub discrimination: Option<BasisPoints>,
    /// By value; empty bins are left out.
    pub bins: Vec<Bin>,
}

/// Sets outcomes against predictions.
pub fn calibrate(outcomes: &[Outcome], criterion: &Criterion) -> Calibration {
    let decided = criterion.decided(outcomes);
    let overall = Proportion::of(decided.iter().map(|(_, answer)| *answer));
    let scores: Vec<_> = decided
        .iter()
        .map(|(outcome, answer)| (outcome.score, *answer))
        .collect();
    let by_factor = factor::ALL.iter().filter_map(|(code, _)| {
        let values: Vec<_> = decided
            .iter()
            .filter_map(|(outcome, answer)| Some((*outcome.values.get(code)?, *answer)))
            .collect();
        (!values.is_empty()).then(|| FactorCalibration {
            code: *code,
            asked: values.len(),
            discrimination: discrimination(&values),
            bins: bins(&values, FACTOR_BINS),
        })
    });
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for reason in outcomes
        .iter()
        .filter_map(|outcome| outcome.reason.as_ref())
    {
        *reasons.entry(reason.clone()).or_default() += 1;
    }
    Calibration {
        target: criterion.target,
        overall,
        undecided: outcomes.len() - decided.len(),
        too_few: TooFew::check(overall.yes, overall.of - overall.yes, FIRM),
        by_score: bins(&scores, SCORE_BINS),
        discrimination: discrimination(&scores),
        by_factor: by_factor.collect(),
        reasons,
    }
}

fn bins(values: &[(BasisPoints, bool)], count: u16) -> Vec<Bin> {
    let width = BasisPoints::MOST.get() / count;
    (0..count)
        .filter_map(|bin| {
            let inside = |value: BasisPoints| (value.get() / width).min(count - 1) == bin;
            let members: Vec<_> = values.iter().filter(|(value, _)| inside(*value)).collect();
            let sum: u64 = members
                .iter()
                .map(|(value, _)| u64::from(value.get()))
                .sum();
            let mean = sum.checked_div(members.len() as u64)?;
            Some(Bin {
                from: BasisPoints::capped(u64::from(bin * width)),
                to: BasisPoints::capped(u64::from((bin + 1) * width)),
                mean: BasisPoints::capped(mean),
                observed: Proportion::of(members.iter().map(|(_, answer)| *answer)),
            })
        })
        .collect()
}

/// Counted over the sorted values (Mann and Whitney, 1947): exact, in O(n log n).
fn discrimination(values: &[(BasisPoints, bool)]) -> Option<BasisPoints> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let (mut noes_below, mut halves, mut all_yeses) = (0_u64, 0_u64, 0_u64);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let yeses = tied.iter().filter(|(_, answer)| *answer).count() as u64;
        let noes = tied.len() as u64 - yeses;
        halves += yeses * (2 * noes_below + noes);
        noes_below += noes;
        all_yeses += yeses;
    }
    let pairs = 2 * all_yeses * noes_below;
    let share = (u128::from(halves) * 10_000).checked_div(u128::from(pairs))?;
    Some(BasisPoints::capped(
        u64::try_from(share).unwrap_or(u64::MAX),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(given: &[(i64, bool)]) -> Vec<(BasisPoints, bool)> {
        given
            .iter()
            .map(|(value, answer)| (BasisPoints::new(*value).unwrap(), *answer))
            .collect()
    }

    #[test]
    fn discrimination_is_the_share_of_pairs_in_the_right_order() {
        let of = |given: &[(i64, bool)]| discrimination(&values(given)).map(BasisPoints::get);
        assert_eq!(of(&[(1, false), (2, true)]), Some(10_000));
        assert_eq!(of(&[(2, false), (1, true)]), Some(0));
        assert_eq!(of(&[(1, false), (1, true)]), Some(5_000));
        // Of four pairs: 3 beats 1 and 2; 2 beats 1 and ties with 2.
        assert_eq!(
            of(&[(1, false), (2, false), (2, true), (3, true)]),
            Some(8_750)
        );
        assert_eq!(of(&[(1, true)]), None);
    }

    #[test]
    fn a_value_on_a_border_is_in_the_upper_bin_and_the_greatest_in_the_last() {
        let bins = bins(&values(&[(1_999, true), (2_000, false), (10_000, true)]), 5);
        let found: Vec<_> = bins
            .iter()
            .map(|bin| {
                (
                    bin.from.get(),
                    bin.to.get(),
                    bin.observed.yes,
                    bin.observed.of,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (0, 2_000, 1, 1),
                (2_000, 4_000, 0, 1),
                (8_000, 10_000, 1, 1)
            ]
        );
    }
}
