//! Where the project that was joined stands in a ranking, over all choices, with intervals over people.

/// One choice under one method.
#[derive(Clone, Copy)]
pub(crate) struct Trial {
    person: usize,
    /// Expected rank, from 1: among equal scores every order is as likely.
    rank: f64,
}

/// What the trials of a method say.
pub(crate) struct Finding {
    /// Mean reciprocal rank.
    pub(crate) mrr: f64,
    /// Its interval of 95 %.
    pub(crate) interval: (f64, f64),
    /// Normalized discounted cumulative gain at 10; with one right answer, `1 ÷ log₂(1 + rank)` up to rank 10.
    pub(crate) ndcg: f64,
    /// How often the right one is among the first three.
    pub(crate) recall: f64,
    /// The interval of 95 % of the difference of MRR to the reference, choice by choice.
    pub(crate) difference: (f64, f64),
}

/// Draws of the bootstrap.
const DRAWS: usize = 1_000;

impl Trial {
    pub(crate) fn new(person: usize, scores: &[f64], joined: usize) -> Self {
        let own = scores[joined];
        let above = scores.iter().filter(|score| **score > own).count();
        let level = scores
            .iter()
            .filter(|score| score.to_bits() == own.to_bits())
            .count();
        Self {
            person,
            rank: 1.0 + float(above) + (float(level) - 1.0) / 2.0,
        }
    }
}

impl Finding {
    pub(crate) fn new(trials: &[Trial], reference: &[Trial]) -> Self {
        let mean = |value: &dyn Fn(&Trial) -> f64| {
            trials.iter().map(value).sum::<f64>() / float(trials.len())
        };
        let reciprocal: Vec<f64> = trials.iter().map(|trial| 1.0 / trial.rank).collect();
        let beyond: Vec<f64> = reciprocal
            .iter()
            .zip(reference)
            .map(|(own, other)| own - 1.0 / other.rank)
            .collect();
        Self {
            mrr: mean(&|trial| 1.0 / trial.rank),
            interval: interval(trials, &reciprocal),
            ndcg: mean(&|trial| {
                if trial.rank <= 10.0 {
                    1.0 / (1.0 + trial.rank).log2()
                } else {
                    0.0
                }
            }),
            recall: mean(&|trial| float(usize::from(trial.rank <= 3.0))),
            difference: interval(trials, &beyond),
        }
    }
}

/// Percentiles of the mean when people are drawn again with all their choices (bootstrap by cluster).
fn interval(trials: &[Trial], values: &[f64]) -> (f64, f64) {
    let people = trials
        .iter()
        .map(|trial| trial.person + 1)
        .max()
        .unwrap_or(0);
    let mut sums = vec![(0.0, 0.0); people];
    for (trial, value) in trials.iter().zip(values) {
        let (sum, count) = &mut sums[trial.person];
        *sum += value;
        *count += 1.0;
    }
    // Some people have no choice under this question.
    sums.retain(|(_, count)| *count > 0.0);
    let mut draw = Draw(5);
    let mut means: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn = (0..sums.len()).map(|_| sums[draw.below(sums.len())]);
            let (sum, count) = drawn.fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
            sum / count
        })
        .collect();
    means.sort_by(f64::total_cmp);
    (means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40])
}

/// A small generator of its own (Knuth's MMIX constants), so that the intervals never change with a library.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) fn float(count: usize) -> f64 {
    count as f64
}
