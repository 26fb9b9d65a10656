//! Where a pair stands among a role's eligible candidates, or would stand if it were one, and who is ahead of it, by how much
//! and in what.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::evaluate::eligible;
use super::fit::{self, Fit};
use super::index::Index;
use super::score::{FactorCode, Measure, measure};
use crate::model::{BasisPoints, RoleId, Snapshot, VolunteerId, Weights};

/// The place of one volunteer among all who may be proposed for a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// From 1; ties by id. Of one who is not eligible: the place they would take.
    pub rank: usize,
    /// How many volunteers are eligible for the role.
    pub eligible: usize,
    /// Those just ahead, the nearest first.
    pub ahead: Vec<Ahead>,
}

/// A volunteer who stands ahead of another for the same role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// Who.
    pub volunteer: VolunteerId,
    /// Their place, from 1.
    pub rank: usize,
    /// Their score and why.
    pub fit: Fit,
    /// By how much their score is higher; 0 for a tie.
    pub lead: BasisPoints,
    /// Where the difference comes from, the widest first. The points sum to the lead; negative ones are for the one behind.
    pub differences: Vec<Difference>,
}

/// How many points of a factor's part of the score two volunteers are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Which factor.
    pub code: FactorCode,
    /// Points of the one ahead less those of the one behind, in basis points.
    pub points: i32,
}

/// Where the volunteer stands for the role, with at most `most` of those ahead. Where a gate is closed between the two it is
/// the place that they would take if it were open. `None` when the snapshot lacks one of the two. It costs one walk over the
/// volunteers.
pub fn standing(
    snapshot: &Snapshot,
    weights: &Weights,
    role: &RoleId,
    volunteer: &VolunteerId,
    most: usize,
) -> Option<Standing> {
    let role = snapshot.find_role(role)?;
    let volunteers: Vec<_> = snapshot.volunteers.iter().collect();
    let own_position = volunteers
        .iter()
        .position(|candidate| candidate.id == *volunteer)?;
    let index = Index::of(snapshot, weights, &[role], &volunteers);
    let mut eligible_count = 0;
    let mut found: Vec<(usize, Measure)> = index
        .pairs()
        .filter_map(|pair| {
            let measured = eligible(pair);
            eligible_count += usize::from(measured.is_some());
            let own = || (pair.position == own_position).then(|| measure(pair));
            Some((pair.position, measured.or_else(own)?))
        })
        .collect();
    // The sort is stable and volunteers come by id, so ties stay in the order of the ids.
    found.sort_by_key(|(_, measured)| Reverse(measured.score));
    let asked = found
        .iter()
        .position(|(position, _)| *position == own_position)?;
    let explained = |(position, measured): &(usize, Measure)| {
        let pair = index.pair(0, *position)?;
        let fit = fit::explain(pair, measured, &snapshot.taxonomy);
        Some((pair.volunteer.facts.id.clone(), fit))
    };
    let (_, own) = explained(found.get(asked)?)?;
    let ahead = found.get(..asked)?.iter().enumerate().rev().take(most);
    Some(Standing {
        rank: asked + 1,
        eligible: eligible_count,
        ahead: ahead
            .filter_map(|(before, candidate)| {
                let (volunteer, fit) = explained(candidate)?;
                Some(Ahead {
                    volunteer,
                    rank: before + 1,
                    lead: BasisPoints::capped(
                        fit.score.get().saturating_sub(own.score.get()).into(),
                    ),
                    differences: differences(&fit, &own),
                    fit,
                })
            })
            .collect(),
    })
}

/// A factor that only one of the two has, as what is taken off for load, counts nothing for the other.
fn differences(ahead: &Fit, behind: &Fit) -> Vec<Difference> {
    let points_of = |fit: &Fit, code: FactorCode| -> i32 {
        let factors = fit.factors.iter().filter(|factor| factor.code == code);
        factors.map(|factor| factor.points).sum()
    };
    let mut codes: Vec<FactorCode> = ahead
        .factors
        .iter()
        .chain(&behind.factors)
        .map(|factor| factor.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let mut differences: Vec<_> = codes
        .into_iter()
        .map(|code| Difference {
            code,
            points: points_of(ahead, code) - points_of(behind, code),
        })
        .filter(|difference| difference.points != 0)
        .collect();
    differences.sort_by_key(|difference| Reverse(difference.points.unsigned_abs()));
    differences
}
