//! A share of yeses with its interval.

use serde::Serialize;

use crate::model::BasisPoints;

/// The standard normal quantile of a two-sided 95 % interval.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// So many yeses of so many answers, with the Wilson score interval of 95 % (Wilson, JASA 22, 1927), which also holds
/// for few answers and near 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proportion {
    /// Yeses.
    pub yes: usize,
    /// Answers.
    pub of: usize,
    /// `yes ÷ of`; `None` without answers.
    pub share: Option<BasisPoints>,
    /// The interval; `None` without answers.
    pub interval: Option<(BasisPoints, BasisPoints)>,
}

impl Proportion {
    /// Counts the yeses.
    pub(super) fn of(answers: impl Iterator<Item = bool>) -> Self {
        let (mut yes, mut of) = (0, 0);
        for answer in answers {
            of += 1;
            yes += usize::from(answer);
        }
        Self::new(yes, of)
    }

    fn new(yes: usize, of: usize) -> Self {
        let (successes, trials) = (float(yes), float(of));
        let share = successes / trials;
        let centre = share + Z * Z / (2.0 * trials);
        let spread = Z * (share * (1.0 - share) / trials + Z * Z / (4.0 * trials * trials)).sqrt();
        let scale = 1.0 + Z * Z / trials;
        Self {
            yes,
            of,
            share: (of > 0).then(|| points(share)),
            interval: (of > 0).then(|| {
                (
                    points((centre - spread) / scale),
                    points((centre + spread) / scale),
                )
            }),
        }
    }
}

/// A count as a number; exact up to 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) const fn float(count: usize) -> f64 {
    count as f64
}

/// A share from 0 to 1 in basis points, rounded; what is out of range is capped.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 10 000"
)]
pub(super) fn points(share: f64) -> BasisPoints {
    BasisPoints::capped((share.clamp(0.0, 1.0) * 10_000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(yes: usize, of: usize) -> Option<(u16, u16)> {
        let (low, high) = Proportion::new(yes, of).interval?;
        Some((low.get(), high.get()))
    }

    /// Published values: Newcombe, Statistics in Medicine 17, 1998, table I (method 3).
    #[test]
    fn the_interval_is_the_published_one() {
        assert_eq!(interval(81, 263), Some((2_553, 3_662)));
        assert_eq!(interval(15, 148), Some((624, 1_605)));
        assert_eq!(interval(0, 20), Some((0, 1_611)));
        assert_eq!(interval(1, 29), Some((61, 1_718)));
    }

    #[test]
    fn without_answers_there_is_no_share() {
        let none = Proportion::of(std::iter::empty());
        assert_eq!((none.share, none.interval), (None, None));
    }
}
