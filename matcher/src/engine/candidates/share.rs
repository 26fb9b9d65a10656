//! What one thread finds over the blocks that it takes.

use super::best::{Best, BestOfEach, key};
use super::block::Block;
use super::search::{OfRole, Taker};
use super::{Candidates, Depth, Ranked, entry};

/// The lists of one thread.
pub(super) struct Share {
    /// In the order of the terms.
    pub(super) by_role: Vec<Best>,
    pub(super) by_volunteer: Vec<(u32, Vec<Ranked>)>,
    pub(super) eligible_pairs: u64,
    /// Room for the survivors of one role and block.
    survivors: Vec<u32>,
    by_member: BestOfEach,
}

impl Share {
    pub(super) fn new(candidates: &Candidates<'_>) -> Self {
        Self {
            by_role: vec![Best::default(); candidates.terms.len()],
            by_volunteer: Vec::new(),
            eligible_pairs: 0,
            survivors: Vec::new(),
            by_member: BestOfEach::default(),
        }
    }

    /// All roles against one block: the lists of its members are complete then.
    pub(super) fn search(&mut self, candidates: &Candidates<'_>, block: &Block, depth: Depth) {
        self.by_member
            .begin(block.positions.len(), depth.per_volunteer);
        let roles = candidates.terms.iter().zip(&mut self.by_role);
        for (role, (terms, list)) in roles.enumerate() {
            let mut taker = OfBoth {
                role: terms.position,
                of_role: OfRole {
                    list,
                    most: depth.per_role,
                },
                by_member: &mut self.by_member,
            };
            let open = candidates.search(block, role, &mut self.survivors, &mut taker);
            self.eligible_pairs += open as u64;
        }
        if depth.per_volunteer > 0 {
            for (place, position) in block.positions.iter().enumerate() {
                let list = self.by_member.sorted(place);
                let list = list.iter().copied().map(entry).collect();
                self.by_volunteer.push((*position, list));
            }
        }
    }
}

/// The best of one role and of each member of a block.
struct OfBoth<'l> {
    role: u32,
    of_role: OfRole<'l>,
    by_member: &'l mut BestOfEach,
}

impl Taker for OfBoth<'_> {
    fn take(&mut self, place: usize, volunteer: u32, score: u16) {
        self.of_role.take(place, volunteer, score);
        self.by_member.offer(place, key(score, self.role));
    }
}
