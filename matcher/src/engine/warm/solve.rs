//! The first optimum: over short lists, made longer until the prices prove it over all eligible pairs.

use rayon::prelude::*;

use super::market::{Warm, edges, unlisted};
use super::moved::Balance;
use crate::engine::assign::{Market, Problem, ProblemError};
use crate::engine::candidates::Ranked;

/// One list that is made longer costs less than solving anew as long as these are one of so many.
const REPAIRED_OF_ALL: usize = 8;

impl Warm<'_> {
    /// From nothing: short lists, made longer until the prices prove the choice.
    pub(super) fn solve(&mut self) -> Result<(), ProblemError> {
        let mut lists = self.ready.search.top(self.per_role);
        let mut asked = vec![self.per_role; lists.len()];
        loop {
            self.solve_over(&lists, &asked)?;
            let short = self.short_roles();
            if short.len() * REPAIRED_OF_ALL <= lists.len() {
                return self.prove(&mut Balance::default());
            }
            for (role, _) in &short {
                if let Some(asked) = asked.get_mut(*role) {
                    *asked *= 2;
                }
            }
            let deeper: Vec<(usize, Vec<Ranked>)> = short
                .par_iter()
                .map(|(role, _)| {
                    let most = asked.get(*role).copied().unwrap_or(self.per_role);
                    (*role, self.ready.search.top_of_role(*role, most))
                })
                .collect();
            for (role, deeper) in deeper {
                if let Some(list) = lists.get_mut(role) {
                    *list = deeper;
                }
            }
        }
    }

    /// Solves over these lists, of which so many pairs were asked.
    fn solve_over(&mut self, lists: &[Vec<Ranked>], asked: &[usize]) -> Result<(), ProblemError> {
        let index = self.ready.index();
        let roles = index.roles.iter();
        let wanted: Vec<u32> = roles.map(|role| role.facts.suggestions_wanted()).collect();
        let room = index.volunteers.iter();
        let listed = (0..).zip(lists);
        let problem = Problem::new(
            wanted.clone(),
            room.map(|volunteer| self.room(volunteer.facts.open_placements()))
                .collect(),
            listed
                .flat_map(|(role, list)| edges(role, list))
                .collect::<Vec<_>>(),
        )?;
        let bonus = vec![self.first_bonus; lists.len()];
        self.market = Market::solve(&problem.with_first_bonus(bonus)?);
        for ((number, list), (wanted, asked)) in (0..).zip(lists).zip(wanted.iter().zip(asked)) {
            self.note(number, *wanted, unlisted(list, *asked), *asked);
        }
        Ok(())
    }
}
