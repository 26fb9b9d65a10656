//! Coverage of the skills asked, by level; a related skill counts for its relation, never more than half.
//!
//! `value = Σ weight × credit ÷ Σ weight × needs ÷ expected`, at most 1, over the needs of one kind, where
//! `needs = (Σ weight)² ÷ Σ weight²` (their effective number, the inverse of Simpson's concentration: n equal ones count n)
//! and `expected = needs` up to `enough_needs`, and `further_share` of every one beyond. A role with few needs is thus
//! covered in full or not, and one that asks a whole team's skills does not make everybody look weak. `needs ÷ expected` is
//! a constant of the role.

use super::super::index::{PreparedNeed, PreparedRole, PreparedVolunteer, Worth};
use super::Reading;
use crate::model::{BasisPoints, NeedKind, Role, SkillWeights, Weights};

/// What a volunteer brings to each need of a role, in the role's order: looked up once for all that read it.
pub(crate) struct Brought<'v> {
    worths: [Option<&'v Worth>; Role::MOST_SKILLS],
}

impl<'v> Brought<'v> {
    /// One binary search for each need.
    pub(crate) fn new(role: &PreparedRole<'_>, volunteer: &'v PreparedVolunteer<'_>) -> Self {
        let mut worths = [None; Role::MOST_SKILLS];
        for (place, need) in worths.iter_mut().zip(&role.needs) {
            *place = worth_for(need, volunteer);
        }
        Self { worths }
    }

    /// The needs, each with what is brought to it.
    pub(crate) fn to<'r>(
        &self,
        role: &'r PreparedRole<'_>,
    ) -> impl Iterator<Item = (&'r PreparedNeed, Option<&'v Worth>)> {
        role.needs.iter().zip(self.worths.iter().copied())
    }
}

/// How much one person is expected to bring to the needs of one kind: a constant of the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expected {
    /// Σ weight of the needs.
    pub(crate) total: u32,
    /// `Σ weight × credit` is worth `times ÷ by` of itself, in basis points.
    times: u64,
    by: u64,
}

impl Expected {
    /// Of needs of these weights; `None` of none.
    pub(crate) fn of(weights: impl Iterator<Item = u32>, policy: &SkillWeights) -> Option<Self> {
        let (total, squares) = weights.fold((0, 0), |(total, squares), weight| {
            (total + weight, squares + u64::from(weight * weight))
        });
        if total == 0 {
            return None;
        }
        // needs = total² ÷ squares, so everything is over the denominator `squares`.
        let needs = u64::from(total) * u64::from(total);
        let enough = u64::from(policy.enough_needs) * squares;
        let further = needs.saturating_sub(enough);
        Some(if further == 0 {
            Self {
                total,
                times: 1,
                by: total.into(),
            }
        } else {
            Self {
                total,
                times: u64::from(total) * 10_000,
                by: enough * 10_000 + further * u64::from(policy.further_share.get()),
            }
        })
    }

    /// What `Σ weight × credit` is worth: one division.
    pub(crate) fn value(&self, credits: u32) -> u16 {
        let value = (u64::from(credits) * self.times).checked_div(self.by);
        BasisPoints::capped(value.unwrap_or(0)).get()
    }
}

/// Reads the needs of one kind; a skill whose level is not known is half known.
pub(crate) fn read(
    kind: NeedKind,
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    brought: &Brought<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let expected = match kind {
        NeedKind::MustHave => role.must_have?,
        NeedKind::NiceToHave => role.nice_to_have?,
    };
    if volunteer.holdings.is_none() {
        return Some(Reading::unknown(weights));
    }
    let (mut credits, mut unknown) = (0_u32, 0_u32);
    for (need, worth) in brought.to(role).filter(|(need, _)| need.kind == kind) {
        if let Some(worth) = worth {
            credits += need.weight * u32::from(worth.credit_at(need.level));
            unknown += if worth.is_level_known() {
                0
            } else {
                need.weight
            };
        }
    }
    let total = expected.total;
    Some(Reading {
        value: expected.value(credits),
        known: known_share(10_000 * total - 5_000 * unknown, total),
    })
}

/// `known ÷ total`, where all is known without a division.
pub(crate) fn known_share(known: u32, total: u32) -> u16 {
    if known == 10_000 * total {
        return 10_000;
    }
    let share = known.checked_div(total).unwrap_or(10_000);
    u16::try_from(share).unwrap_or(10_000)
}

/// What the volunteer brings to a need.
fn worth_for<'v>(need: &PreparedNeed, volunteer: &'v PreparedVolunteer<'_>) -> Option<&'v Worth> {
    volunteer.holdings.as_ref()?.find(need.skill)
}

/// Credit in basis points that the volunteer gets for a need.
pub(crate) fn credit_for(need: &PreparedNeed, volunteer: &PreparedVolunteer<'_>) -> u16 {
    worth_for(need, volunteer).map_or(0, |worth| worth.credit_at(need.level))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The value for needs of these weights, of which the first so many are met in full.
    fn value(needs: &[u32], met: usize) -> u16 {
        let policy = Weights::embedded().unwrap().skill;
        assert_eq!(
            (policy.enough_needs, policy.further_share.get()),
            (4, 2_500)
        );
        let credits = needs.iter().take(met).map(|need| need * 10_000).sum();
        let expected = Expected::of(needs.iter().copied(), &policy).unwrap();
        expected.value(credits)
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

    proptest! {
        /// The formula of the module's head, in fractions over `Σ weight² × 10 000`.
        #[test]
        fn the_constant_of_the_role_is_the_formula(
            needs in prop::collection::vec((1..=10_u32, 0..=10_000_u32), 1..=Role::MOST_SKILLS),
            enough_needs in 1..=20_u8,
            further_share in 0..=10_000_i64,
        ) {
            let policy = SkillWeights {
                enough_needs,
                further_share: BasisPoints::new(further_share).unwrap(),
                ..Weights::embedded().unwrap().skill
            };
            let total: u32 = needs.iter().map(|(weight, _)| weight).sum();
            let squares: u32 = needs.iter().map(|(weight, _)| weight * weight).sum();
            let credits: u32 = needs.iter().map(|(weight, credit)| weight * credit).sum();
            let [number, enough, share] = [
                u128::from(total * total) * 10_000,
                u128::from(u32::from(enough_needs) * squares) * 10_000,
                u128::from(policy.further_share.get()),
            ];
            let expected = number.min(enough) + number.saturating_sub(enough) * share / 10_000;
            let plain = u128::from(credits) * number / (u128::from(total) * expected);
            let found = Expected::of(needs.iter().map(|(weight, _)| *weight), &policy).unwrap();
            prop_assert_eq!(u128::from(found.value(credits)), plain.min(10_000));
        }
    }
}
