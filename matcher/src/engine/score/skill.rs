//! Coverage of the skills asked, by level; a related skill counts for its relation, never more than half.
//!
//! `value = Σ weight × credit ÷ Σ weight × needs ÷ expected`, at most 1, over the needs of one kind, where
//! `needs = (Σ weight)² ÷ Σ weight²` (their effective number, the inverse of Simpson's concentration: n equal ones count n)
//! and `expected = needs` up to `enough_needs`, and `further_share` of every one beyond. A role with few needs is thus
//! covered in full or not, and one that asks a whole team's skills does not make everybody look weak. `needs ÷ expected` is
//! a constant of the role.

use super::super::index::{PreparedNeed, PreparedRole, PreparedVolunteer};
use super::Reading;
use crate::model::{NeedKind, SkillWeights, Weights};

/// Reads the needs of one kind; a skill whose level is not known is half known.
pub(crate) fn read(
    kind: NeedKind,
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let (mut total, mut squares, mut value, mut known) = (0_u32, 0_u32, 0_u32, 0_u32);
    for need in role.needs.iter().filter(|need| need.kind == kind) {
        let holding = holding_for(need, volunteer);
        total += need.weight;
        squares += need.weight * need.weight;
        value += need.weight * holding.map_or(0, |holding| u32::from(credit(holding.credit, need)));
        known += need.weight
            * if holding.is_none_or(|holding| holding.is_level_known) {
                10_000
            } else {
                5_000
            };
    }
    let known = known.checked_div(total)?;
    let value = covered(value, total, squares, &weights.skill)?;
    if volunteer.holdings.is_none() {
        return Some(Reading::unknown(weights));
    }
    Some(Reading {
        value,
        known: u16::try_from(known).ok()?,
    })
}

/// What credits are worth, given the sums of the weights and of their squares. With needs = total² ÷ squares, enough in full
/// and the rest by its share, everything over the denominator `squares`.
fn covered(credits: u32, total: u32, squares: u32, policy: &SkillWeights) -> Option<u16> {
    let [credits, total, squares] = [credits, total, squares].map(u64::from);
    let (needs, enough) = (total * total, u64::from(policy.enough_needs) * squares);
    let further = needs.saturating_sub(enough) * u64::from(policy.further_share.get());
    let expected = needs.min(enough) * 10_000 + further;
    let value = (credits * total * 10_000).checked_div(expected)?;
    u16::try_from(value.min(10_000)).ok()
}

/// What the volunteer brings to a need.
pub(crate) fn holding_for<'v>(
    need: &PreparedNeed,
    volunteer: &'v PreparedVolunteer<'_>,
) -> Option<&'v super::super::index::Holding> {
    let holdings = volunteer.holdings.as_deref()?;
    let found = holdings
        .binary_search_by_key(&need.skill, |holding| holding.skill)
        .ok()?;
    holdings.get(found)
}

/// Credit in basis points that the volunteer gets for a need.
pub(crate) fn credit_for(need: &PreparedNeed, volunteer: &PreparedVolunteer<'_>) -> u16 {
    holding_for(need, volunteer).map_or(0, |holding| credit(holding.credit, need))
}

fn credit(by_level: [u16; 5], need: &PreparedNeed) -> u16 {
    by_level
        .get(usize::from(need.level.get()) - 1)
        .copied()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value for needs of these weights, of which the first so many are met in full.
    fn value(needs: &[u32], met: usize) -> u16 {
        let policy = Weights::embedded().unwrap().skill;
        assert_eq!(
            (policy.enough_needs, policy.further_share.get()),
            (4, 2_500)
        );
        let total = needs.iter().sum();
        let squares = needs.iter().map(|need| need * need).sum();
        let credits = needs.iter().take(met).map(|need| need * 10_000).sum();
        covered(credits, total, squares, &policy).unwrap()
    }

    #[test]
    fn few_needs_are_all_expected() {
        assert_eq!(value(&[1], 1), 10_000);
        assert_eq!(value(&[1, 1, 1, 1], 3), 7_500);
        assert_eq!(value(&[3, 1], 1), 7_500);
    }

    #[test]
    fn of_many_needs_a_part_is_expected() {
        // Eight ask four in full and a quarter of four: five.
        let eight = [1; 8];
        assert_eq!(value(&eight, 1), 2_000);
        assert_eq!(value(&eight, 4), 8_000);
        assert_eq!(value(&eight, 5), 10_000);
        assert_eq!(value(&eight, 8), 10_000);
    }

    #[test]
    fn light_needs_beside_a_heavy_one_hardly_count() {
        // 12² ÷ (100 + 2) needs are fewer than two: nothing is forgiven.
        assert_eq!(value(&[10, 1, 1], 1), 8_333);
    }

    #[test]
    fn one_more_need_that_is_met_never_lowers_the_value() {
        for count in 1..20 {
            let (fewer, more) = (vec![5; count], vec![5; count + 1]);
            for met in 0..=count {
                assert!(
                    value(&fewer, met) <= value(&more, met + 1),
                    "{met} of {count}"
                );
            }
        }
    }
}
