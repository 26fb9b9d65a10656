//! How evenly a number of things is spread over those who could have them: the Gini coefficient and the share of the
//! top tenth, in integers.

use serde::{Deserialize, Serialize};

use crate::model::BasisPoints;

/// How evenly something is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// Those who could have some.
    pub members: usize,
    /// Those who have at least one.
    pub with_any: usize,
    /// All there is.
    pub total: u64,
    /// The most that one has.
    pub most: u32,
    /// The Gini coefficient: 0 when all have the same, near 10 000 when one has all. `None` when there is nothing.
    pub gini: Option<BasisPoints>,
    /// Share held by the tenth that has most, rounded up to whole members. `None` when there is nothing.
    pub top_decile: Option<BasisPoints>,
}

impl Spread {
    /// Measures the counts, given in any order.
    pub(crate) fn of(counts: impl Iterator<Item = u32>) -> Self {
        let mut counts: Vec<u32> = counts.collect();
        counts.sort_unstable();
        let total: u64 = counts.iter().copied().map(u64::from).sum();
        let tenth = counts.len().div_ceil(10);
        let top: u64 = counts
            .iter()
            .rev()
            .take(tenth)
            .copied()
            .map(u64::from)
            .sum();
        Self {
            members: counts.len(),
            with_any: counts.iter().filter(|count| **count > 0).count(),
            total,
            most: counts.last().copied().unwrap_or(0),
            gini: gini(&counts, total),
            top_decile: share(top, total),
        }
    }
}

/// `(2 Σ i × xᵢ − (n + 1) Σ xᵢ) ÷ (n Σ xᵢ)` over ascending `xᵢ`, `i` from 1 (the mean difference in its sorted form).
fn gini(ascending: &[u32], total: u64) -> Option<BasisPoints> {
    let members = ascending.len() as u128;
    let whole = members * u128::from(total);
    let ranked: u128 = (1_u128..)
        .zip(ascending)
        .map(|(rank, count)| rank * u128::from(*count))
        .sum();
    let above = 2 * ranked - (members + 1) * u128::from(total);
    rounded(above, whole)
}

/// `part ÷ whole` in basis points, rounded half up; `None` when there is no whole.
pub(super) fn share(part: u64, whole: u64) -> Option<BasisPoints> {
    rounded(part.into(), whole.into())
}

fn rounded(part: u128, whole: u128) -> Option<BasisPoints> {
    let points = (part * 10_000 + whole / 2).checked_div(whole)?;
    Some(BasisPoints::capped(
        u64::try_from(points).unwrap_or(u64::MAX),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gini_of(counts: &[u32]) -> Option<u16> {
        Spread::of(counts.iter().copied())
            .gini
            .map(BasisPoints::get)
    }

    #[test]
    fn known_values() {
        assert_eq!(gini_of(&[]), None);
        assert_eq!(gini_of(&[0, 0]), None);
        assert_eq!(gini_of(&[3, 3, 3]), Some(0));
        // One of n has all: (n − 1) ÷ n.
        assert_eq!(gini_of(&[0, 0, 0, 8]), Some(7_500));
        // 1, 2, 3: mean absolute difference 8/9, half of it over the mean: 2/9.
        assert_eq!(gini_of(&[3, 1, 2]), Some(2_222));
    }

    #[test]
    fn the_top_tenth_is_rounded_up_to_whole_members() {
        let spread = Spread::of([9, 1].into_iter());
        assert_eq!(spread.top_decile.map(BasisPoints::get), Some(9_000));
        let spread = Spread::of((0..20).map(|member| u32::from(member < 4)));
        assert_eq!(spread.top_decile.map(BasisPoints::get), Some(5_000));
        assert_eq!((spread.with_any, spread.most, spread.total), (4, 1, 4));
    }

    proptest! {
        /// Against the definition: half the mean absolute difference of all pairs over the mean.
        #[test]
        fn the_sorted_form_is_the_definition(counts in prop::collection::vec(0_u32..50, 1..40)) {
            let total: u64 = counts.iter().copied().map(u64::from).sum();
            prop_assume!(total > 0);
            let differences: u64 = counts
                .iter()
                .flat_map(|a| counts.iter().map(|b| u64::from(a.abs_diff(*b))))
                .sum();
            let whole = 2 * counts.len() as u64 * total;
            let expected = (differences * 10_000 + whole / 2) / whole;
            prop_assert_eq!(gini_of(&counts).map(u64::from), Some(expected));
        }
    }
}
