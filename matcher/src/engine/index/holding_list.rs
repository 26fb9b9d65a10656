//! All that a volunteer brings, in eight bytes for each skill: its number, and the number of what it is worth in a table that
//! volunteers who are prepared together share. What skills are worth repeats, since levels, relations and years are few. Who is
//! prepared alone, after a change, has a table of their own.

use std::collections::HashMap;
use std::sync::Arc;

use super::holding::{Holding, Worth};
use crate::engine::seats::narrow;

/// What a volunteer brings, by skill number, ascending; only skills that some role needs.
pub(crate) struct HoldingList {
    list: Box<[Listed]>,
    worths: Arc<Vec<Worth>>,
}

#[derive(Debug, Clone, Copy)]
struct Listed {
    skill: u32,
    worth: u32,
}

impl HoldingList {
    /// What each of several volunteers brings; of nobody whose skills are not known. In each list a skill comes once, and
    /// they ascend.
    pub(super) fn of(lists: impl IntoIterator<Item = Option<Vec<Holding>>>) -> Vec<Option<Self>> {
        let mut numbers: HashMap<Worth, u32> = HashMap::new();
        let mut worths = Vec::new();
        let mut listed = |holding: Holding| Listed {
            skill: holding.skill,
            worth: *numbers.entry(holding.worth).or_insert_with(|| {
                let next = narrow(worths.len());
                worths.push(holding.worth);
                next
            }),
        };
        let lists: Vec<Option<Box<[Listed]>>> = lists
            .into_iter()
            .map(|list| list.map(|list| list.into_iter().map(&mut listed).collect()))
            .collect();
        worths.shrink_to_fit();
        let worths = Arc::new(worths);
        lists
            .into_iter()
            .map(|list| {
                list.map(|list| Self {
                    list,
                    worths: Arc::clone(&worths),
                })
            })
            .collect()
    }

    /// What they bring to a skill: a binary search.
    pub(crate) fn find(&self, skill: u32) -> Option<&Worth> {
        let found = self
            .list
            .binary_search_by_key(&skill, |listed| listed.skill);
        self.worth(*self.list.get(found.ok()?)?)
    }

    /// All that they bring, by skill.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Holding> {
        self.list.iter().filter_map(|listed| {
            let worth = *self.worth(*listed)?;
            Some(Holding {
                skill: listed.skill,
                worth,
            })
        })
    }

    /// The highest number of a skill that they bring something to.
    pub(crate) fn last_skill(&self) -> Option<u32> {
        self.list.last().map(|listed| listed.skill)
    }

    fn worth(&self, listed: Listed) -> Option<&Worth> {
        self.worths.get(listed.worth as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Level, Weights, Years};

    #[test]
    fn volunteers_prepared_together_bring_what_they_bring_alone() {
        let weights = Weights::embedded().unwrap();
        let held = |skill, worth| Holding { skill, worth };
        let own = |skill, level| held(skill, Worth::own(Level::new(level).ok(), None, &weights));
        let related = |skill, share| held(skill, Worth::related(None, share, &weights));
        let practised = held(7, Worth::own(None, Years::new(3).ok(), &weights));
        let lists = [
            Some(vec![own(2, 3), related(5, 4_000), practised]),
            None,
            Some(Vec::new()),
            Some(vec![own(1, 3), related(2, 4_000), own(9, 5)]),
        ];
        for (held, list) in HoldingList::of(lists.clone()).iter().zip(&lists) {
            let read: Option<Vec<Holding>> = held.as_ref().map(|held| held.iter().collect());
            assert_eq!(&read, list);
            let (Some(held), Some(list)) = (held, list) else {
                continue;
            };
            assert_eq!(held.last_skill(), list.last().map(|last| last.skill));
            for skill in 0..10 {
                let alone = list.iter().find(|holding| holding.skill == skill);
                assert_eq!(held.find(skill), alone.map(|holding| &holding.worth));
            }
        }
    }

    #[test]
    fn a_skill_takes_eight_bytes_and_what_it_is_worth_twelve() {
        assert_eq!((size_of::<Listed>(), size_of::<Worth>()), (8, 12));
    }
}
