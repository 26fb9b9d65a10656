//! Where each volunteer lies in the blocks, so that who changes can be taken out there and laid out again elsewhere.

use std::collections::HashMap;

use super::Candidates;
use super::block::{Block, Context, Group, group};
use crate::engine::index::PreparedVolunteer;

/// Newcomers until everybody is laid out anew: so many, and one for each eight volunteers.
const LEAST_NEWCOMERS: usize = 1_024;

/// A place in a block.
#[derive(Debug, Clone, Copy)]
struct Home {
    block: usize,
    place: usize,
}

/// By position of the volunteer; `None` for those who may not be proposed.
#[derive(Debug, Default)]
pub(super) struct Homes {
    by_position: Vec<Option<Home>>,
    /// The blocks in which there is room for newcomers.
    growing: HashMap<Group, usize>,
    newcomers: usize,
}

impl Homes {
    pub(super) fn of(candidates: &Candidates<'_>) -> Self {
        let mut homes = vec![None; candidates.index.volunteers.len()];
        for (number, block) in candidates.blocks.iter().enumerate() {
            for (place, position) in block.living() {
                if let Some(home) = homes.get_mut(position as usize) {
                    *home = Some(Home {
                        block: number,
                        place,
                    });
                }
            }
        }
        Self {
            by_position: homes,
            ..Self::default()
        }
    }

    /// Whether so many came that searching all their blocks costs more than laying everybody out anew, now and then.
    pub(super) fn are_crowded(&self) -> bool {
        self.newcomers > LEAST_NEWCOMERS + self.by_position.len() / 8
    }

    /// A position comes, with nobody at it; all that follow move up.
    pub(super) fn insert(&mut self, position: usize) {
        self.by_position.insert(position, None);
    }

    /// A position goes, at which nobody is any more; all that follow move down.
    pub(super) fn remove(&mut self, position: usize) {
        self.by_position.remove(position);
    }
}

impl Candidates<'_> {
    /// Lays a volunteer out among the newcomers, if they may be proposed.
    pub(super) fn settle(&mut self, position: usize, homes: &mut Homes) {
        let Some(volunteer) = self.index.volunteers.get(position) else {
            return;
        };
        if !volunteer.is_available {
            return;
        }
        let (group, rows) = (group(volunteer), self.questions.count());
        let next = self.blocks.len();
        let growing = homes.growing.entry(group).or_insert(next);
        if self.blocks.get(*growing).is_none_or(Block::is_full) {
            *growing = next;
            self.blocks.push(Block::of_nobody(group, rows));
        }
        let context = Context {
            index: &self.index,
            questions: &self.questions,
            holdings: &self.holdings,
            days: self.days,
        };
        if let Some(block) = self.blocks.get_mut(*growing)
            && let Some(home) = homes.by_position.get_mut(position)
        {
            let place = block.add(super::narrow(position), volunteer, &context);
            *home = Some(Home {
                block: *growing,
                place,
            });
        }
        homes.newcomers += 1;
    }

    /// Takes a volunteer out of where they lie.
    pub(super) fn unsettle(&mut self, position: usize, homes: &mut Homes) {
        let home = homes.by_position.get_mut(position).and_then(Option::take);
        let block = home.and_then(|home| self.blocks.get_mut(home.block).zip(Some(home.place)));
        if let Some((block, place)) = block {
            block.take_out(place, self.questions.rows_of_place());
        }
    }

    /// A block of one volunteer alone.
    pub(super) fn alone(&self, position: usize, volunteer: &PreparedVolunteer<'_>) -> Block {
        let mut block = Block::of_nobody(group(volunteer), self.questions.count());
        block.add(
            super::narrow(position),
            volunteer,
            &Context {
                index: &self.index,
                questions: &self.questions,
                holdings: &self.holdings,
                days: self.days,
            },
        );
        block
    }
}
