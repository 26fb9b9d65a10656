//! The search of one role in one block: filter, gates and bound, then the score of those who may be wanted.

use super::best::{Best, key};
use super::block::Block;
use super::survivor::{Answer, Survivor};
use super::terms::Terms;
use super::{Candidates, filter};
use crate::engine::assign::Edge;
use crate::engine::evaluate::worth_proposing;
use crate::engine::gate::{is_open_beyond_rows, is_permitted};

/// Who takes what a search finds.
pub(super) trait Taker {
    /// Whether a pair with at most this score may be wanted.
    fn wants(&self, place: usize, volunteer: u32, bound: u16) -> bool;

    /// Takes a pair: place in the block, position in the index, score.
    fn take(&mut self, place: usize, volunteer: u32, score: u16);
}

/// The best of one role.
pub(super) struct OfRole<'l> {
    pub(super) list: &'l mut Best,
    pub(super) most: usize,
}

impl Taker for OfRole<'_> {
    fn wants(&self, _: usize, volunteer: u32, bound: u16) -> bool {
        self.list.wants(key(bound, volunteer), self.most)
    }

    fn take(&mut self, _: usize, volunteer: u32, score: u16) {
        self.list.offer(key(score, volunteer), self.most);
    }
}

/// Every pair of a role.
pub(super) struct Everyone<'l> {
    pub(super) role: u32,
    pub(super) edges: &'l mut Vec<Edge>,
}

impl Taker for Everyone<'_> {
    fn wants(&self, _: usize, _: u32, _: u16) -> bool {
        true
    }

    fn take(&mut self, _: usize, volunteer: u32, score: u16) {
        self.edges.push(Edge {
            role: self.role,
            volunteer,
            score: score.into(),
        });
    }
}

/// Room for the survivors of one role and block, used again and again.
#[derive(Default)]
pub(super) struct Room {
    /// Places in the block.
    filtered: Vec<u32>,
    wanted: Vec<Survivor>,
}

impl Candidates<'_> {
    /// Looks for the role at a place of the list in one block, and gives the pairs that are wanted with their scores. What
    /// the rows say exactly is not asked again, and who cannot be wanted is not scored. Gives how many pairs have all gates
    /// on facts open.
    pub(super) fn search(
        &self,
        block: &Block,
        role: usize,
        room: &mut Room,
        taker: &mut impl Taker,
    ) -> usize {
        let Some(terms) = self.terms.get(role) else {
            return 0;
        };
        let weights = self.index.weights;
        let on_clock = block.clock.and_then(|clock| self.times.get(clock));
        let time = on_clock.and_then(|times| times.get(role)?.as_ref());
        filter::survivors(block, &terms.asked, time, &mut room.filtered);
        room.wanted.clear();
        let mut open = 0;
        for place in &room.filtered {
            let Some((member, position)) = block.member(*place as usize) else {
                continue;
            };
            match terms.answer(time, (block, *place, member), weights) {
                Answer::Closed => {}
                Answer::Open(survivor) => {
                    if terms.must_ask_if_permitted(member) && !self.is_permitted(terms, position) {
                        continue;
                    }
                    open += 1;
                    if taker.wants(*place as usize, position, survivor.bound) {
                        room.wanted.push(survivor);
                    }
                }
                Answer::Unusual => {
                    let (is_open, score) = self.by_looking(terms, position);
                    open += usize::from(is_open);
                    if let Some(score) = score {
                        taker.take(*place as usize, position, score);
                    }
                }
            }
        }
        terms.add_needs(&mut room.wanted, block, &self.holdings);
        for survivor in &room.wanted {
            let place = survivor.place as usize;
            if let Some((member, position)) = block.member(place)
                && let Some(score) = terms.score(survivor, time, (block, member), weights)
            {
                taker.take(place, position, score);
            }
        }
        open
    }

    #[cold]
    fn is_permitted(&self, terms: &Terms, volunteer: u32) -> bool {
        let pair = self.index.pair(terms.position as usize, volunteer as usize);
        pair.is_some_and(is_permitted)
    }

    /// Of a survivor whom the rows do not close, by the readable gates and score: whether the gates on facts are open, and
    /// the score if it is worth proposing.
    #[cold]
    fn by_looking(&self, terms: &Terms, volunteer: u32) -> (bool, Option<u16>) {
        let pair = self.index.pair(terms.position as usize, volunteer as usize);
        let open = pair.filter(|pair| is_open_beyond_rows(*pair));
        let measured = open.and_then(worth_proposing);
        let score = measured.map(|measured| measured.score.get());
        (open.is_some(), score)
    }
}
