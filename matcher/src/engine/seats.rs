//! What there is to give in a round: suggestions of roles, room and hours of volunteers; pins first, then the optimum.
//!
//! Hours: a pair is a candidate only if the role's hours fit the hours a volunteer has left, but several pairs that fit
//! alone may not fit together, which no b-matching can say. So the assignment is solved with room for as many roles as
//! could fit by their number; for whoever is then over their hours the mend that costs least is taken, room for one less or
//! one of their pairs not again, until nobody is. The result is optimal for what is left, and the prices bound what any
//! choice within the hours could total: where `total` equals `bound`, nothing better exists under the hours either.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::assign::{
    Assignment, Budgets, Edge, Market, Mend, Problem, ProblemError, assign, bound_within,
    keep_within, verify,
};
use super::gate;
use super::index::Index;
use super::round::{Progress, RefusedPin, RoundOptions};
use crate::model::Snapshot;

/// What is left to give: suggestions of roles, room and hours of volunteers.
pub(crate) struct Seats {
    wanted: Vec<u32>,
    room: Vec<u32>,
    hours: Vec<Option<u32>>,
}

impl Seats {
    pub(crate) fn new(index: &Index<'_>, options: &RoundOptions) -> Self {
        let most = options.most_per_volunteer.unwrap_or(u32::MAX);
        Self {
            wanted: index
                .roles
                .iter()
                .map(|role| role.facts.suggestions_wanted())
                .collect(),
            room: index
                .volunteers
                .iter()
                .map(|volunteer| most.min(volunteer.facts.open_placements().into()))
                .collect(),
            hours: index
                .volunteers
                .iter()
                .map(|volunteer| volunteer.facts.hours_left().map(u32::from))
                .collect(),
        }
    }

    /// Takes the pins first, by role, then volunteer. A pin passes the gates of confidence and score, no other.
    pub(crate) fn keep_pins(
        &mut self,
        index: &Index<'_>,
        snapshot: &Snapshot,
    ) -> (Vec<(usize, usize)>, Vec<RefusedPin>) {
        let mut kept = Vec::new();
        let mut refused = Vec::new();
        for pin in &snapshot.pins {
            let found = snapshot
                .roles
                .binary_search_by(|role| role.id.cmp(&pin.role))
                .ok()
                .zip(
                    snapshot
                        .volunteers
                        .binary_search_by(|volunteer| volunteer.id.cmp(&pin.volunteer))
                        .ok(),
                );
            let Some((role, volunteer)) = found else {
                continue;
            };
            let blocked = index
                .pair(role, volunteer)
                .map(gate::closed)
                .unwrap_or_default();
            if blocked.is_empty() && self.take(index, role, volunteer) {
                kept.push((role, volunteer));
            } else {
                refused.push(RefusedPin {
                    pin: pin.clone(),
                    blocked,
                });
            }
        }
        (kept, refused)
    }

    /// Takes one suggestion of the role and one place and the hours of the volunteer, or nothing.
    fn take(&mut self, index: &Index<'_>, role: usize, volunteer: usize) -> bool {
        let asked = asked_hours(index, role);
        let (Some(wanted), Some(room), Some(hours)) = (
            self.wanted.get_mut(role),
            self.room.get_mut(volunteer),
            self.hours.get_mut(volunteer),
        ) else {
            return false;
        };
        if *wanted == 0 || *room == 0 || hours.is_some_and(|hours| hours < asked) {
            return false;
        }
        *wanted -= 1;
        *room -= 1;
        *hours = hours.map(|hours| hours - asked);
        true
    }

    /// Solves within the hours. `eligible` holds every eligible pair, by role.
    pub(crate) fn solve(
        self,
        index: &Index<'_>,
        eligible: &[Edge],
        pinned: &[(usize, usize)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Solved, ProblemError> {
        let of = index.roles.len();
        progress(Progress::Assigned { done: 0, of });
        let problem = self.problem(index, eligible, pinned)?;
        let asked: Vec<u32> = (0..of).map(|role| asked_hours(index, role)).collect();
        let budgets = Budgets {
            asked: &asked,
            left: &self.hours,
        };
        let assignment = assign(&problem);
        let solved = if is_within(&assignment, budgets) {
            Solved {
                is_verified: verify(&problem, &assignment.chosen, &assignment.certificate).is_ok(),
                bound: assignment.certificate.total,
                bound_prices: Vec::new(),
                rooms: self.rooms_taken_away(problem.room()),
                left_out: Vec::new(),
                is_mended: false,
                assignment,
            }
        } else {
            self.mended(&problem, budgets)?
        };
        progress(Progress::Assigned { done: of, of });
        Ok(solved)
    }

    /// The best pair again and again while seats, room and hours last, ties by role, then volunteer; those of pins are
    /// taken. Costs a sort of the pairs.
    pub(crate) fn give_at_once(
        mut self,
        index: &Index<'_>,
        eligible: &[Edge],
        pinned: &[(usize, usize)],
    ) -> Vec<Edge> {
        let pinned: BTreeSet<_> = pinned.iter().copied().collect();
        let mut best: Vec<&Edge> = eligible.iter().filter(|edge| edge.score > 0).collect();
        best.par_sort_unstable_by_key(|edge| (Reverse(edge.score), edge.role, edge.volunteer));
        best.into_iter()
            .filter(|edge| {
                let (role, volunteer) = (edge.role as usize, edge.volunteer as usize);
                !pinned.contains(&(role, volunteer)) && self.take(index, role, volunteer)
            })
            .copied()
            .collect()
    }

    /// The optimum, mended until nobody is over their hours.
    fn mended(&self, problem: &Problem<'_>, budgets: Budgets<'_>) -> Result<Solved, ProblemError> {
        let mut market = Market::solve(problem);
        let without_hours = market.assignment().certificate.role_prices;
        let mends = keep_within(&mut market, budgets)?;
        let assignment = market.assignment();
        let prices = [&without_hours, &assignment.certificate.role_prices];
        let bounds = prices.map(|prices| (bound_within(problem, prices, budgets), prices));
        let [first, second] = bounds;
        let (bound, bound_prices) = if second.0 < first.0 { second } else { first };
        let rest = market.problem()?;
        let left_out = mends.iter().filter_map(|mend| match mend {
            Mend::LessRoom { .. } => None,
            Mend::Without(edge) => Some(*edge),
        });
        Ok(Solved {
            is_verified: verify(&rest, &assignment.chosen, &assignment.certificate).is_ok(),
            bound,
            bound_prices: bound_prices.clone(),
            rooms: self.rooms_taken_away(rest.room()),
            left_out: left_out.collect(),
            is_mended: true,
            assignment,
        })
    }

    /// By volunteer, the rooms that are less than what the pins have left.
    fn rooms_taken_away(&self, rooms: &[u32]) -> Vec<(u32, u32)> {
        let rooms = (0..).zip(rooms.iter().zip(&self.room));
        let less = rooms.filter(|(_, (room, before))| room < before);
        less.map(|(volunteer, (room, _))| (volunteer, *room))
            .collect()
    }

    /// What may be chosen: not what is pinned, nor what asks more hours than are left.
    fn problem(
        &self,
        index: &Index<'_>,
        eligible: &[Edge],
        pinned: &[(usize, usize)],
    ) -> Result<Problem<'static>, ProblemError> {
        let pinned_pairs: BTreeSet<_> = pinned.iter().copied().collect();
        let served: BTreeSet<_> = pinned.iter().map(|(role, _)| *role).collect();
        let hours_left = |volunteer: usize| self.hours.get(volunteer).copied().flatten();
        let fits = |edge: &Edge| {
            !pinned_pairs.contains(&(edge.role as usize, edge.volunteer as usize))
                && hours_left(edge.volunteer as usize)
                    .is_none_or(|left| asked_hours(index, edge.role as usize) <= left)
        };
        let mut edges: Vec<Edge> = eligible.iter().filter(|edge| fits(edge)).copied().collect();
        edges
            .par_chunk_by_mut(|a, b| a.role == b.role)
            .for_each(|of_role| of_role.sort_unstable_by_key(Edge::order));
        let mut room = self.room.clone();
        for (volunteer, most) in most_that_fit(index, &edges, &self.hours) {
            if let Some(room) = room.get_mut(volunteer) {
                *room = (*room).min(most);
            }
        }
        // A role with a pin has its first suggestion.
        let bonus = u32::from(index.weights.assignment.first_suggestion.get());
        let bonus = (0..self.wanted.len())
            .map(|role| if served.contains(&role) { 0 } else { bonus })
            .collect();
        Problem::new(self.wanted.clone(), room, edges)?.with_first_bonus(bonus)
    }
}

/// What is chosen in a round, beside the pins.
pub(crate) struct Solved {
    /// The choice, and the proof that it is optimal for the rooms and pairs that the hours have left.
    pub(crate) assignment: Assignment,
    /// No choice within the hours totals more.
    pub(crate) bound: u64,
    /// Whether the proof was checked and holds.
    pub(crate) is_verified: bool,
    /// Whether hours took rooms or pairs away after they were given, so that the proof says nothing of these.
    pub(crate) is_mended: bool,
    /// Prices of roles that prove the bound; none where the proof of the choice does.
    pub(crate) bound_prices: Vec<u32>,
    /// By volunteer, the rooms of the proof that are less than what the pins have left.
    pub(crate) rooms: Vec<(u32, u32)>,
    /// Pairs that the proof leaves out.
    pub(crate) left_out: Vec<Edge>,
}

/// Whether nobody is over their hours.
fn is_within(assignment: &Assignment, budgets: Budgets<'_>) -> bool {
    let mut chosen = assignment.chosen.clone();
    chosen.sort_unstable_by_key(|edge| edge.volunteer);
    let mut of_each = chosen.chunk_by(|a, b| a.volunteer == b.volunteer);
    of_each.all(|held| {
        let volunteer = held.first().map_or(0, |edge| edge.volunteer);
        !budgets.are_exceeded(volunteer, held)
    })
}

fn asked_hours(index: &Index<'_>, role: usize) -> u32 {
    index
        .roles
        .get(role)
        .and_then(|role| role.facts.hours_per_week)
        .map_or(0, |hours| hours.get().into())
}

/// For each volunteer whose candidate roles do not all fit their known hours: how many fit at most, shortest first.
fn most_that_fit(index: &Index<'_>, edges: &[Edge], hours: &[Option<u32>]) -> Vec<(usize, u32)> {
    let mut asked: Vec<Vec<u32>> = vec![Vec::new(); hours.len()];
    for edge in edges {
        if let Some(list) = asked.get_mut(edge.volunteer as usize) {
            list.push(asked_hours(index, edge.role as usize));
        }
    }
    let lists = asked.iter_mut().zip(hours).enumerate();
    lists
        .filter_map(|(volunteer, (list, left))| {
            let mut left = (*left)?;
            list.sort_unstable();
            let fitting = list.iter().take_while(|asked| {
                let fits = **asked <= left;
                left = left.saturating_sub(**asked);
                fits
            });
            let fitting = fitting.count();
            (fitting < list.len()).then(|| (volunteer, narrow(fitting)))
        })
        .collect()
}

/// Positions are counted in 32 bits: a snapshot of four thousand million does not fit in memory.
pub(crate) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
