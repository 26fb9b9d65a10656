//! Coverage of the skills asked, by level; a related skill counts for its relation, never more than half.
//! `value = Σ weight × credit ÷ Σ weight` over the needs of one kind.

use super::super::index::{Holding, PreparedNeed, PreparedRole, PreparedVolunteer};
use super::Reading;
use crate::model::{NeedKind, Role, Weights};

/// What a volunteer brings to each need of a role, in the role's order: looked up once for all that read it.
pub(crate) struct Brought<'v> {
    holdings: [Option<&'v Holding>; Role::MOST_SKILLS],
}

impl<'v> Brought<'v> {
    /// One binary search for each need.
    pub(crate) fn new(role: &PreparedRole<'_>, volunteer: &'v PreparedVolunteer<'_>) -> Self {
        let mut holdings = [None; Role::MOST_SKILLS];
        for (place, need) in holdings.iter_mut().zip(&role.needs) {
            *place = holding_for(need, volunteer);
        }
        Self { holdings }
    }

    /// The needs, each with what is brought to it.
    pub(crate) fn to<'r>(
        &self,
        role: &'r PreparedRole<'_>,
    ) -> impl Iterator<Item = (&'r PreparedNeed, Option<&'v Holding>)> {
        role.needs.iter().zip(self.holdings.iter().copied())
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
    let (mut total, mut value, mut unknown) = (0_u32, 0_u32, 0_u32);
    for (need, holding) in brought.to(role).filter(|(need, _)| need.kind == kind) {
        total += need.weight;
        if let Some(holding) = holding {
            value += need.weight * u32::from(holding.credit_at(need.level));
            unknown += if holding.is_level_known() {
                0
            } else {
                need.weight
            };
        }
    }
    let value = value.checked_div(total)?;
    if volunteer.holdings.is_none() {
        return Some(Reading::unknown(weights));
    }
    Some(Reading {
        value: u16::try_from(value).ok()?,
        known: known_share(10_000 * total - 5_000 * unknown, total),
    })
}

/// `known ÷ total`, where all is known without a division.
pub(super) fn known_share(known: u32, total: u32) -> u16 {
    if known == 10_000 * total {
        return 10_000;
    }
    let share = known.checked_div(total).unwrap_or(10_000);
    u16::try_from(share).unwrap_or(10_000)
}

/// What the volunteer brings to a need.
pub(crate) fn holding_for<'v>(
    need: &PreparedNeed,
    volunteer: &'v PreparedVolunteer<'_>,
) -> Option<&'v Holding> {
    let holdings = volunteer.holdings.as_deref()?;
    let found = holdings
        .binary_search_by_key(&need.skill, |holding| holding.skill)
        .ok()?;
    holdings.get(found)
}

/// Credit in basis points that the volunteer gets for a need.
pub(crate) fn credit_for(need: &PreparedNeed, volunteer: &PreparedVolunteer<'_>) -> u16 {
    holding_for(need, volunteer).map_or(0, |holding| holding.credit_at(need.level))
}
