//! Who got nothing and why: on both sides, with the gates that closed and the nearest pairs; and the skills that are
//! asked and that nobody has.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::gate::{self, Blocked, GateCode, GateCounts, GateSet, Pair};
use super::index::Index;
use super::round::RoundOptions;
use super::score::measure;
use crate::model::{BasisPoints, NeedKind, RoleId, SkillId, Standing, VolunteerId};

/// An open role with fewer suggestions than it wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedRole {
    /// Which role.
    pub role: RoleId,
    /// Suggestions wanted.
    pub wanted: u32,
    /// Suggestions got.
    pub got: u32,
    /// Volunteers whose gates are open but who were better placed elsewhere.
    pub placed_elsewhere: usize,
    /// How many volunteers each gate keeps out; one volunteer may count at several.
    pub blocked_by: BTreeMap<GateCode, usize>,
    /// The volunteers that the fewest gates keep out, best score first. Only for a role that got none.
    pub nearest: Vec<Nearest>,
}

/// A volunteer with room who got nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedVolunteer {
    /// Which volunteer.
    pub volunteer: VolunteerId,
    /// Open roles whose gates are open but that took others.
    pub roles_took_others: usize,
    /// How many open roles each gate closes; one role may count at several.
    pub blocked_by: BTreeMap<GateCode, usize>,
    /// The open roles that the fewest gates close, best score first.
    pub nearest: Vec<Nearest>,
}

/// A pair that was nearly eligible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// Which role.
    pub role: RoleId,
    /// Which volunteer.
    pub volunteer: VolunteerId,
    /// The score the pair would have.
    pub score: BasisPoints,
    /// The closed gates, each with the smallest change that opens it.
    pub blocked: Vec<Blocked>,
}

/// A must-have of open roles that no available volunteer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Which skill.
    pub skill: SkillId,
    /// Open roles that must have it.
    pub roles: usize,
    /// Their open seats.
    pub seats: u32,
}

/// What was not matched.
pub(crate) struct Account {
    pub(crate) roles: Vec<UnmatchedRole>,
    pub(crate) volunteers: Vec<UnmatchedVolunteer>,
    pub(crate) demand: Vec<Demand>,
}

/// Accounts for what the chosen pairs leave.
pub(crate) fn account(
    index: &Index<'_>,
    chosen: &[(usize, usize)],
    options: &RoundOptions,
) -> Account {
    let mut got = vec![0_u32; index.roles.len()];
    for (role, _) in chosen {
        if let Some(count) = got.get_mut(*role) {
            *count += 1;
        }
    }
    let chosen: BTreeSet<(usize, usize)> = chosen.iter().copied().collect();
    let served: BTreeSet<usize> = chosen.iter().map(|(_, volunteer)| *volunteer).collect();
    let roles = (0..index.roles.len())
        .into_par_iter()
        .zip(got)
        .filter_map(|(position, got)| unmatched_role(index, position, got, &chosen, options))
        .collect();
    let volunteers = (0..index.volunteers.len())
        .into_par_iter()
        .filter(|position| !served.contains(position))
        .filter_map(|position| unmatched_volunteer(index, position, options))
        .collect();
    Account {
        roles,
        volunteers,
        demand: demand_without_supply(index),
    }
}

fn unmatched_role(
    index: &Index<'_>,
    position: usize,
    got: u32,
    chosen: &BTreeSet<(usize, usize)>,
    options: &RoundOptions,
) -> Option<UnmatchedRole> {
    let role = index.roles.get(position)?;
    let wanted = role.facts.suggestions_wanted();
    if wanted <= got {
        return None;
    }
    let others = index
        .pairs_of(role)
        .filter(|pair| !chosen.contains(&(position, pair.position)));
    let tally = Tally::of(others, if got == 0 { options.nearest } else { 0 });
    Some(UnmatchedRole {
        role: role.facts.id.clone(),
        wanted,
        got,
        placed_elsewhere: tally.open,
        blocked_by: tally.blocked_by.by_code(),
        nearest: tally.nearest,
    })
}

fn unmatched_volunteer(
    index: &Index<'_>,
    position: usize,
    options: &RoundOptions,
) -> Option<UnmatchedVolunteer> {
    let volunteer = index.volunteers.get(position)?;
    if volunteer.facts.standing != Standing::Active || volunteer.facts.open_placements() == 0 {
        return None;
    }
    let open_roles = (0..index.roles.len())
        .filter_map(|role| index.pair(role, position))
        .filter(|pair| pair.role.facts.suggestions_wanted() > 0);
    let tally = Tally::of(open_roles, options.nearest);
    Some(UnmatchedVolunteer {
        volunteer: volunteer.facts.id.clone(),
        roles_took_others: tally.open,
        blocked_by: tally.blocked_by.by_code(),
        nearest: tally.nearest,
    })
}

/// What keeps a set of pairs from being chosen.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) open: usize,
    pub(super) blocked_by: GateCounts,
    pub(super) nearest: Vec<Nearest>,
}

impl Tally {
    /// Looks at each pair once. Only a pair that may be among the nearest is scored, and only the nearest are explained.
    pub(super) fn of<'i, 'a: 'i>(pairs: impl Iterator<Item = Pair<'i, 'a>>, most: usize) -> Self {
        let mut tally = Self::default();
        // Fewest gates first, then the best score; pairs come by id, and of equal ones the first stays.
        let mut nearest: Vec<((usize, Reverse<BasisPoints>), Pair<'i, 'a>)> = Vec::new();
        for pair in pairs {
            let closed = closed_codes(pair);
            if closed.is_empty() {
                tally.open += 1;
                continue;
            }
            tally.blocked_by.add(closed);
            let is_full = nearest.len() >= most;
            let last = nearest.last().map_or(usize::MAX, |((gates, _), _)| *gates);
            if most == 0 || (is_full && closed.len() > last) {
                continue;
            }
            let key = (closed.len(), Reverse(measure(pair).score));
            let place = nearest.partition_point(|(other, _)| *other <= key);
            nearest.insert(place, (key, pair));
            nearest.truncate(most);
        }
        tally.nearest = nearest
            .into_iter()
            .map(|((_, score), pair)| Nearest {
                role: pair.role.facts.id.clone(),
                volunteer: pair.volunteer.facts.id.clone(),
                score: score.0,
                blocked: closed_gates(pair),
            })
            .collect();
        tally
    }
}

/// The gates that keep a pair out, without what they saw: those on the measure only if all others are open.
fn closed_codes(pair: Pair<'_, '_>) -> GateSet {
    let closed = gate::closed_set(pair);
    if closed.is_empty() {
        gate::closed_set_by_measure(&measure(pair), pair.weights)
    } else {
        closed
    }
}

/// The same gates with what they saw.
fn closed_gates(pair: Pair<'_, '_>) -> Vec<Blocked> {
    let blocked = gate::closed(pair);
    if blocked.is_empty() {
        gate::closed_by_measure(&measure(pair), pair.weights)
    } else {
        blocked
    }
}

fn demand_without_supply(index: &Index<'_>) -> Vec<Demand> {
    let supplied: BTreeSet<u32> = index
        .volunteers
        .iter()
        .filter(|volunteer| {
            volunteer.facts.standing == Standing::Active && volunteer.facts.open_placements() > 0
        })
        .filter_map(|volunteer| volunteer.holdings.as_deref())
        .flatten()
        .filter(|holding| holding.is_own())
        .map(|holding| holding.skill)
        .collect();
    let mut asked: BTreeMap<&SkillId, Demand> = BTreeMap::new();
    for role in index
        .roles
        .iter()
        .filter(|role| role.facts.suggestions_wanted() > 0)
    {
        for (need, fact) in role.needs.iter().zip(&role.facts.skills) {
            if need.kind == NeedKind::MustHave && !supplied.contains(&need.skill) {
                let demand = asked.entry(&fact.skill).or_insert_with(|| Demand {
                    skill: fact.skill.clone(),
                    roles: 0,
                    seats: 0,
                });
                demand.roles += 1;
                demand.seats += u32::from(role.facts.seats_open);
            }
        }
    }
    asked.into_values().collect()
}
