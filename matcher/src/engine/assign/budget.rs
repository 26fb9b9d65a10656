//! Budgets (hours), which no b-matching knows of: how good a choice within them can be at most, and one that is near it.
//!
//! The bound: for any prices `u ≥ 0` of the roles, Lagrangian duality bounds every permitted choice from above: the roles' part of the
//! certificate's bound, and for each volunteer the best set of pairs, at `max(0, value − u)` each, that keeps to their room
//! and budget. The second is a small knapsack, solved exactly. The bound needs no trust in where the prices come from.

use std::collections::BTreeSet;

use super::certificate::role_part;
use super::market::number;
use super::{Edge, Market, Problem, ProblemError};

/// What roles ask and what volunteers have left, in whole units.
#[derive(Debug, Clone, Copy)]
pub struct Budgets<'a> {
    /// What a suggestion for the role takes, by position.
    pub asked: &'a [u32],
    /// What the volunteer has, by position; `None` is no limit.
    pub left: &'a [Option<u32>],
}

/// No choice within the budgets totals more. `role_prices` as in a certificate. Costs a sort of the pairs, and a table of
/// room × budget for those whose best pairs do not go together.
pub fn bound_within(problem: &Problem<'_>, role_prices: &[u32], budgets: Budgets<'_>) -> u64 {
    let at = |values: &[u32], position: u32| values.get(position as usize).copied().unwrap_or(0);
    let mut worth: Vec<(u32, u64, u32)> = problem
        .edges()
        .iter()
        .filter(|edge| edge.score > 0)
        .filter_map(|edge: &Edge| {
            let value = edge.score + at(problem.first_bonus(), edge.role);
            let worth = value.checked_sub(at(role_prices, edge.role))?;
            let asked = at(budgets.asked, edge.role);
            Some((edge.volunteer, u64::from(worth), asked))
        })
        .collect();
    worth.sort_unstable_by_key(|(volunteer, worth, _)| (*volunteer, std::cmp::Reverse(*worth)));
    let loads = worth.chunk_by(|(a, ..), (b, ..)| a == b).map(|pairs| {
        let volunteer = pairs
            .first()
            .map_or(0, |(volunteer, ..)| *volunteer as usize);
        let room = problem.room().get(volunteer).copied().unwrap_or(0) as usize;
        best_load(pairs, room, budgets.left.get(volunteer).copied().flatten())
    });
    role_part(problem, role_prices) + loads.sum::<u64>()
}

/// The most that a set of pairs is worth: at most `room` of them, within the budget. The best pair is first.
fn best_load(pairs: &[(u32, u64, u32)], room: usize, left: Option<u32>) -> u64 {
    let room = room.min(pairs.len());
    let best = pairs.iter().take(room);
    let sum = best.clone().map(|(_, worth, _)| worth).sum();
    let asked = best.map(|(.., asked)| u64::from(*asked)).sum::<u64>();
    let Some(left) = left.filter(|left| asked > u64::from(*left)) else {
        return sum;
    };
    // `most[n][h]` is the most that up to n pairs of up to h hours together are worth, of the pairs seen so far.
    let mut most = vec![vec![0_u64; left as usize + 1]; room + 1];
    for (_, worth, asked) in pairs {
        let asked = *asked as usize;
        for count in (1..=room).rev() {
            let Some([fewer, row]) = most.get_mut(count - 1..=count) else {
                continue;
            };
            for (with, without) in row.iter_mut().skip(asked).zip(fewer.iter()) {
                *with = (*with).max(without + worth);
            }
        }
    }
    most.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

/// What was taken away so that somebody keeps to their budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// The volunteer has room for so many now.
    LessRoom {
        /// Position of the volunteer.
        volunteer: u32,
        /// Their room.
        room: u32,
    },
    /// The pair may not be chosen any more.
    Without(Edge),
}

/// Mends an optimal choice until nobody is over their budget, and says by what. Each mend leaves the optimum of what it
/// permits, and the one that costs least is taken: near the best choice within the budgets, and measured by the bound.
pub fn keep_within(market: &mut Market, budgets: Budgets<'_>) -> Result<Vec<Mend>, ProblemError> {
    let mut to_look_at: BTreeSet<u32> = (0..number(budgets.left.len())).collect();
    let mut mends = Vec::new();
    while let Some(volunteer) = to_look_at.pop_first() {
        let held = market.chosen_of_volunteer(volunteer);
        if !budgets.are_exceeded(volunteer, &held) {
            continue;
        }
        let (mend, moved) = mend_one(market, volunteer, &held)?;
        mends.push(mend);
        to_look_at.insert(volunteer);
        to_look_at.extend(moved);
    }
    Ok(mends)
}

impl Budgets<'_> {
    /// Whether these pairs of a volunteer take more than the volunteer has.
    pub fn are_exceeded(&self, volunteer: u32, held: &[Edge]) -> bool {
        let asked = held
            .iter()
            .filter_map(|edge| self.asked.get(edge.role as usize));
        let left = self.left.get(volunteer as usize).copied().flatten();
        left.is_some_and(|left| asked.map(|asked| u64::from(*asked)).sum::<u64>() > left.into())
    }
}

/// Takes the mend that leaves the greatest total: room for one less than is held, or one of the pairs held not again; the
/// first of equal ones. Says who got another pair by it.
fn mend_one(
    market: &mut Market,
    volunteer: u32,
    held: &[Edge],
) -> Result<(Mend, BTreeSet<u32>), ProblemError> {
    let pairs = market.pairs_of_volunteer(volunteer);
    let before = market.room_of(volunteer);
    let room = number(held.len().saturating_sub(1));
    let mut moved = BTreeSet::new();
    let mut apply = |market: &mut Market, mend: Mend| {
        let (room, without) = match mend {
            Mend::LessRoom { room, .. } => (room, None),
            Mend::Without(edge) => (before, Some(edge)),
        };
        let pairs = pairs.iter().filter(|edge| Some(**edge) != without);
        let pairs: Vec<Edge> = pairs.copied().collect();
        let difference = market.change_volunteer(volunteer, room, &pairs)?;
        moved.extend(difference.chosen.iter().map(|edge| edge.volunteer));
        Ok(market.total())
    };
    let mut best = Mend::LessRoom { volunteer, room };
    let mut most = apply(market, best)?;
    for edge in held {
        let mend = Mend::Without(*edge);
        let total = apply(market, mend)?;
        if total > most {
            (best, most) = (mend, total);
        }
    }
    apply(market, best)?;
    Ok((best, moved))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Tries every set.
    fn plain(pairs: &[(u32, u64, u32)], room: usize, left: u64) -> u64 {
        let Some(((_, worth, asked), rest)) = pairs.split_first() else {
            return 0;
        };
        let without = plain(rest, room, left);
        match left.checked_sub(u64::from(*asked)) {
            Some(left) if room > 0 => without.max(worth + plain(rest, room - 1, left)),
            _ => without,
        }
    }

    proptest! {
        #[test]
        fn the_best_load_is_that_of_trying_every_set(
            pairs in prop::collection::vec((Just(0), 0..50_u64, 0..9_u32), 0..9),
            room in 0..6_usize,
            left in prop::option::of(0..20_u32),
        ) {
            let mut sorted = pairs;
            sorted.sort_unstable_by_key(|(_, worth, _)| std::cmp::Reverse(*worth));
            let expected = plain(&sorted, room, left.map_or(u64::MAX, u64::from));
            prop_assert_eq!(best_load(&sorted, room, left), expected);
        }
    }
}
