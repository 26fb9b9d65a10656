//! What there is to give in a round: suggestions of roles, room and hours of volunteers; pins first, then the optimum.
//!
//! Hours: a pair is a candidate only if the role's hours fit the hours a volunteer has left, but several pairs that fit
//! alone may not fit together, which no b-matching can say. So the assignment is solved with room for as many roles as
//! could fit by their number; whoever is then over their hours gets room for one less, and it is solved again until nobody
//! is. Each solution is optimal for its rooms, the last one is the round's, and the first is a proven bound: where `total`
//! equals `bound`, nothing better exists under the hours either.

use std::collections::BTreeSet;

use super::assign::{Assignment, Edge, Problem, assign, verify};
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

    /// Solves until nobody is over their hours. Gives the last assignment, the first total, and whether the proof holds.
    pub(crate) fn solve(
        self,
        index: &Index<'_>,
        edges: Vec<Edge>,
        pinned: &[(usize, usize)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> (Assignment, u64, bool) {
        let pinned: BTreeSet<_> = pinned.iter().copied().collect();
        let hours_left = |volunteer: usize| self.hours.get(volunteer).copied().flatten();
        let fits = |edge: &Edge| {
            !pinned.contains(&(edge.role as usize, edge.volunteer as usize))
                && hours_left(edge.volunteer as usize)
                    .is_none_or(|left| asked_hours(index, edge.role as usize) <= left)
        };
        let edges: Vec<Edge> = edges.into_iter().filter(fits).collect();
        let mut problem =
            Problem::new(self.wanted.clone(), self.room.clone(), edges).unwrap_or_default();
        for (volunteer, most) in most_that_fit(index, problem.edges(), &self.hours) {
            problem.lower_room(volunteer, most);
        }
        let of = index.roles.len();
        let mut bound = None;
        loop {
            let assignment = assign(&problem);
            progress(Progress::Assigned { done: of, of });
            let bound = *bound.get_or_insert(assignment.certificate.total);
            let over = over_their_hours(index, &assignment.chosen, &self.hours);
            if over.is_empty() {
                let is_verified =
                    verify(&problem, &assignment.chosen, &assignment.certificate).is_ok();
                return (assignment, bound, is_verified);
            }
            for (volunteer, held) in over {
                problem.lower_room(volunteer, held - 1);
            }
        }
    }
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

/// Volunteers whose chosen roles ask more hours than they have left, with the number chosen.
fn over_their_hours(
    index: &Index<'_>,
    chosen: &[Edge],
    hours: &[Option<u32>],
) -> Vec<(usize, u32)> {
    let mut held = vec![(0_u32, 0_u32); hours.len()];
    for edge in chosen {
        if let Some((count, sum)) = held.get_mut(edge.volunteer as usize) {
            *count += 1;
            *sum += asked_hours(index, edge.role as usize);
        }
    }
    let both = held.into_iter().zip(hours).enumerate();
    both.filter(|(_, ((_, sum), left))| left.is_some_and(|left| *sum > left))
        .map(|(volunteer, ((count, _), _))| (volunteer, count))
        .collect()
}

/// Positions are counted in 32 bits: a snapshot of four thousand million does not fit in memory.
pub(crate) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
