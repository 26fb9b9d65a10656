//! What there is to give in a round: suggestions of roles, room and hours of volunteers; pins first, then the optimum.
//!
//! Hours: a pair is a candidate only if the role's hours fit the hours a volunteer has left, but several pairs that fit
//! alone may not fit together, which no b-matching can say. So the assignment is solved with room for as many roles as
//! could fit by their number; for whoever is then over their hours the mend that costs least is taken, room for one less or
//! one of their pairs not again, until nobody is. The result is optimal for what is left, and the prices bound what any
//! choice within the hours could total: where `total` equals `bound`, nothing better exists under the hours either.

use std::collections::BTreeSet;

use super::assign::{
    Assignment, Budgets, Edge, Market, Problem, bound_within, keep_within, verify,
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

    /// Solves within the hours.
    pub(crate) fn solve(
        self,
        index: &Index<'_>,
        edges: Vec<Edge>,
        pinned: &[(usize, usize)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Solved {
        let of = index.roles.len();
        progress(Progress::Assigned { done: 0, of });
        let problem = self.problem(index, edges, pinned);
        let asked: Vec<u32> = (0..of).map(|role| asked_hours(index, role)).collect();
        let budgets = Budgets {
            asked: &asked,
            left: &self.hours,
        };
        let mut market = Market::solve(&problem);
        let without_hours = market.assignment().certificate;
        let is_mended = keep_within(&mut market, budgets);
        let assignment = market.assignment();
        let bound_at = |prices: &[u32]| bound_within(&problem, prices, budgets);
        let bound = if is_mended {
            bound_at(&without_hours.role_prices)
                .min(bound_at(&assignment.certificate.role_prices))
                .min(without_hours.total)
        } else {
            without_hours.total
        };
        let checked = if is_mended {
            market.problem()
        } else {
            Ok(problem)
        };
        let is_verified = checked.is_ok_and(|problem| {
            verify(&problem, &assignment.chosen, &assignment.certificate).is_ok()
        });
        progress(Progress::Assigned { done: of, of });
        Solved {
            assignment,
            bound,
            is_verified,
            is_mended,
        }
    }

    /// What may be chosen: not what is pinned, nor what asks more hours than are left.
    fn problem(&self, index: &Index<'_>, edges: Vec<Edge>, pinned: &[(usize, usize)]) -> Problem {
        let pinned_pairs: BTreeSet<_> = pinned.iter().copied().collect();
        let served: BTreeSet<_> = pinned.iter().map(|(role, _)| *role).collect();
        let hours_left = |volunteer: usize| self.hours.get(volunteer).copied().flatten();
        let fits = |edge: &Edge| {
            !pinned_pairs.contains(&(edge.role as usize, edge.volunteer as usize))
                && hours_left(edge.volunteer as usize)
                    .is_none_or(|left| asked_hours(index, edge.role as usize) <= left)
        };
        let edges: Vec<Edge> = edges.into_iter().filter(fits).collect();
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
        // Pairs are those of the index, each once, with scores in basis points: there is nothing to refuse.
        Problem::new(self.wanted.clone(), room, edges)
            .and_then(|problem| problem.with_first_bonus(bonus))
            .unwrap_or_default()
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
    /// Whether hours took rooms or pairs away, so that the proof says nothing of these.
    pub(crate) is_mended: bool,
}

fn asked_hours(index: &Index<'_>, role: usize) -> u32 {
    index
        .roles
        .get(role)
        .and_then(|role| role.facts.hours_per_week)
        .map_or(0, |hours| hours.get().into())
}

/// For each volunteer with known hours: how many of their candidate roles fit at most, shortest first.
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
            Some((volunteer, narrow(fitting.count())))
        })
        .collect()
}

/// Positions are counted in 32 bits: a snapshot of four thousand million does not fit in memory.
pub(crate) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
