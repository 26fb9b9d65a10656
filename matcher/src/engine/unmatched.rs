//! Who got nothing and why: on both sides, with the gates that closed and the nearest pairs; and the skills that are
//! asked and that nobody has.

mod counter;
mod left;
mod people;
mod question;
mod sieve;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::left::{Left, NearestFew};
use self::sieve::{Found, Sieve};
use super::assign::Edge;
use super::gate::{self, Blocked, GateCode, GateCounts, GateSet, Pair};
use super::index::{Index, PreparedVolunteer};
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

/// Accounts for what the chosen pairs leave. `eligible` holds every eligible pair, by role, then volunteer. `progress` is told
/// how many volunteers of how many are looked at.
pub(crate) fn account(
    index: &Index<'_>,
    eligible: &[Edge],
    chosen: &[(usize, usize)],
    options: &RoundOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Account {
    let sieve = Sieve::new(index, eligible, chosen, options);
    let Found { roles, volunteers } = sieve.look_at_all(progress);
    Account {
        roles: roles
            .into_par_iter()
            .filter_map(|(role, left)| unmatched_role(index, role, sieve.got(role), left))
            .collect(),
        volunteers: volunteers
            .into_par_iter()
            .filter_map(|(volunteer, left)| unmatched_volunteer(index, volunteer, left))
            .collect(),
        demand: demand_without_supply(index),
    }
}

fn unmatched_role(
    index: &Index<'_>,
    position: usize,
    got: u32,
    left: Left,
) -> Option<UnmatchedRole> {
    let role = index.roles.get(position)?;
    let near = left.nearest.into_list().into_iter();
    let near = near.filter_map(|(.., volunteer)| index.pair(position, volunteer));
    Some(UnmatchedRole {
        role: role.facts.id.clone(),
        wanted: role.facts.suggestions_wanted(),
        got,
        placed_elsewhere: left.open,
        blocked_by: left.blocked_by.by_code(),
        nearest: near.map(Nearest::of).collect(),
    })
}

fn unmatched_volunteer(
    index: &Index<'_>,
    position: usize,
    left: Left,
) -> Option<UnmatchedVolunteer> {
    let volunteer = index.volunteers.get(position)?;
    let near = left.nearest.into_list().into_iter();
    let near = near.filter_map(|(.., role)| index.pair(role, position));
    Some(UnmatchedVolunteer {
        volunteer: volunteer.facts.id.clone(),
        roles_took_others: left.open,
        blocked_by: left.blocked_by.by_code(),
        nearest: near.map(Nearest::of).collect(),
    })
}

impl Nearest {
    fn of(pair: Pair<'_, '_>) -> Self {
        Self {
            role: pair.role.facts.id.clone(),
            volunteer: pair.volunteer.facts.id.clone(),
            score: measure(pair).score,
            blocked: closed_gates(pair),
        }
    }
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
        let mut looked_at = Vec::new();
        let mut nearest = NearestFew::new(most);
        for pair in pairs {
            let closed = closed_codes(pair);
            if closed.is_empty() {
                tally.open += 1;
                continue;
            }
            tally.blocked_by.add(closed);
            if nearest.wants(closed.len()) {
                // Pairs come by id, and so do their numbers here.
                let score = Reverse(measure(pair).score);
                nearest.offer((closed.len(), score, looked_at.len()));
                looked_at.push(pair);
            }
        }
        let near = nearest.into_list().into_iter();
        let near = near.filter_map(|(.., place)| looked_at.get(place).copied());
        tally.nearest = near.map(Nearest::of).collect();
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
        .flat_map(PreparedVolunteer::each_holding)
        .filter(|holding| holding.worth.is_own())
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
