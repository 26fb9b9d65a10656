//! The search of one role in one block: the filter, then gates and score of those whom it leaves.

use super::best::{Best, key};
use super::block::Block;
use super::survivor::{Answer, Scorer};
use super::terms::Terms;
use super::{Candidates, filter};
use crate::engine::assign::Edge;
use crate::engine::evaluate::worth_proposing;
use crate::engine::gate::{is_open_beyond_rows, is_permitted};

/// Who takes what a search finds.
pub(super) trait Taker {
    /// Takes a pair: place in the block, position in the index, score.
    fn take(&mut self, place: usize, volunteer: u32, score: u16);
}

/// The best of one role.
pub(super) struct OfRole<'l> {
    pub(super) list: &'l mut Best,
    pub(super) most: usize,
}

impl Taker for OfRole<'_> {
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
    fn take(&mut self, _: usize, volunteer: u32, score: u16) {
        self.edges.push(Edge {
            role: self.role,
            volunteer,
            score: score.into(),
        });
    }
}

impl Candidates<'_> {
    /// Looks for the role at a place of the list in one block, and gives the pairs that are worth proposing with their
    /// scores. What the rows say exactly is not asked again. `survivors` is room that is used again and again. Gives how many
    /// pairs have all gates on facts open.
    pub(super) fn search(
        &self,
        block: &Block,
        role: usize,
        survivors: &mut Vec<u32>,
        taker: &mut impl Taker,
    ) -> usize {
        let Some(terms) = self.terms.get(role) else {
            return 0;
        };
        let live = filter::words(block, &terms.asked);
        if live == 0 {
            return 0;
        }
        let on_clock = block.clock.and_then(|clock| self.times.get(clock));
        let time = on_clock.and_then(|times| times.get(role)?.as_ref());
        filter::survivors(block, live, &terms.asked, time, survivors);
        let scorer = Scorer {
            terms,
            time,
            block,
            holdings: &self.holdings,
            weights: self.index.weights,
        };
        let mut open = 0;
        for place in survivors.iter().map(|place| *place as usize) {
            let Some((member, position)) = block.member(place) else {
                continue;
            };
            let (is_open, score) = match scorer.answer(place, member) {
                Answer::Closed => continue,
                Answer::Open(_)
                    if terms.must_ask_if_permitted(member)
                        && !self.is_permitted(terms, position) =>
                {
                    continue;
                }
                Answer::Open(score) => (true, score),
                Answer::Unusual => self.by_looking(terms, position),
            };
            open += usize::from(is_open);
            if let Some(score) = score {
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
