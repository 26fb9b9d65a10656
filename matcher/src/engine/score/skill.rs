//! Coverage of the skills asked, by level; a related skill counts for its relation, never more than half.
//! `value = Σ weight × credit ÷ Σ weight` over the needs of one kind.

use super::super::index::{PreparedNeed, PreparedRole, PreparedVolunteer};
use super::Reading;
use crate::model::{NeedKind, Weights};

/// Reads the needs of one kind; a skill whose level is not known is half known.
pub(crate) fn read(
    kind: NeedKind,
    role: &PreparedRole<'_>,
    volunteer: &PreparedVolunteer<'_>,
    weights: &Weights,
) -> Option<Reading> {
    let (mut total, mut value, mut known) = (0_u32, 0_u32, 0_u32);
    for need in role.needs.iter().filter(|need| need.kind == kind) {
        let holding = holding_for(need, volunteer);
        total += need.weight;
        value += need.weight * holding.map_or(0, |holding| u32::from(credit(holding.credit, need)));
        known += need.weight
            * if holding.is_none_or(|holding| holding.is_level_known) {
                10_000
            } else {
                5_000
            };
    }
    let (value, known) = (value.checked_div(total)?, known.checked_div(total)?);
    if volunteer.holdings.is_none() {
        return Some(Reading::unknown(weights));
    }
    Some(Reading {
        value: u16::try_from(value).ok()?,
        known: u16::try_from(known).ok()?,
    })
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
