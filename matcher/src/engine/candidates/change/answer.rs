//! What is asked after a change: the pairs of one role, or of one volunteer.

use rayon::prelude::*;

use super::Changeable;
use crate::engine::assign::Edge;
use crate::engine::candidates::best::Best;
use crate::engine::candidates::block::Block;
use crate::engine::candidates::search::{Everyone, OfRole};
use crate::engine::candidates::{Depth, Ranked, narrow, ranked};

/// Where a role's rarest must-have is brought by people in no more words than this, one thread is done before another wakes.
const MOST_WORDS_ALONE: u32 = 256;

/// Blocks that one thread searches at a time: those of newcomers are small.
const BLOCKS_AT_A_TIME: usize = 8;

impl Changeable<'_> {
    /// The best volunteers of each role.
    pub(crate) fn top(&self, per_role: usize) -> Vec<Vec<Ranked>> {
        let depth = Depth {
            per_role,
            per_volunteer: 0,
        };
        self.candidates.top(depth).per_role
    }

    /// The best volunteers of a role: on all threads where many may have its must-haves, else without waiting for them.
    pub(crate) fn top_of_role(&self, role: usize, most: usize) -> Vec<Ranked> {
        let candidates = &self.candidates;
        let Some(Some(place)) = candidates.places.get(role).copied() else {
            return Vec::new();
        };
        let terms = candidates.terms.get(place);
        let words = terms.map_or(0, |terms| self.postings.words_of(&terms.asked));
        let most = most.min(candidates.index.volunteers.len());
        let search = |blocks: &[Block]| {
            let (mut list, mut room) = (Best::default(), Vec::new());
            for block in blocks {
                let mut taker = OfRole {
                    list: &mut list,
                    most,
                };
                candidates.search(block, place, &mut room, &mut taker);
            }
            list
        };
        if words <= MOST_WORDS_ALONE {
            return ranked(search(&candidates.blocks), most);
        }
        let lists: Vec<Best> = candidates
            .blocks
            .par_chunks(BLOCKS_AT_A_TIME)
            .map(search)
            .collect();
        let mut joined = Best::default();
        for list in lists {
            joined.join(list, most);
        }
        ranked(joined, most)
    }

    /// Every eligible pair, by role, then volunteer.
    pub(crate) fn all(&self) -> Vec<Edge> {
        self.candidates.all(&|_, _| {})
    }

    /// Every eligible pair of a role, by volunteer.
    pub(crate) fn all_of_role(&self, role: usize) -> Vec<Edge> {
        let candidates = &self.candidates;
        let Some(Some(place)) = candidates.places.get(role).copied() else {
            return Vec::new();
        };
        let mut edges = Vec::new();
        let mut taker = Everyone {
            role: narrow(role),
            edges: &mut edges,
        };
        let mut room = Vec::new();
        for block in &candidates.blocks {
            candidates.search(block, place, &mut room, &mut taker);
        }
        edges.sort_unstable();
        edges
    }

    /// Every eligible pair of a volunteer, by role.
    pub(crate) fn all_of_volunteer(&self, position: usize) -> Vec<Edge> {
        let candidates = &self.candidates;
        let Some(volunteer) = candidates.index.volunteers.get(position) else {
            return Vec::new();
        };
        if !volunteer.is_available {
            return Vec::new();
        }
        let shown = self.postings.shown_to(volunteer, &candidates.questions);
        let places = shown.into_iter().filter_map(|role| {
            let place = candidates.places.get(role as usize).copied();
            place.flatten().map(|place| (place, role))
        });
        let mut places: Vec<(usize, u32)> = places.collect();
        // Roles of one field lie together.
        places.sort_unstable();
        places.dedup();
        let block = candidates.alone(position, volunteer);
        let mut edges = Vec::new();
        let mut room = Vec::new();
        for (place, role) in places {
            let mut taker = Everyone {
                role,
                edges: &mut edges,
            };
            candidates.search(&block, place, &mut room, &mut taker);
        }
        edges.sort_unstable();
        edges
    }
}
