//! The search for candidates: every pair of a role and a volunteer is considered, none is sampled or guessed.
//!
//! Volunteers lie in blocks of vertical bitsets (`block`). For each role and block the `filter` combines the rows that the
//! role asks, 64 people at a time, and drops only those whom a gate keeps out for sure; each survivor then meets the very
//! gates and score of a single evaluation, read from a few bytes (`terms`) or, out of the ordinary, from those very
//! functions. The best are kept in bounded room (`best`), ties by id, so the lists are the same for any number of threads
//! and any layout of the blocks.

mod best;
mod block;
mod filter;
mod map;
mod member;
mod question;
mod skill;
mod terms;
#[cfg(test)]
mod tests;
mod time;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use self::best::{Best, BestOfEach, key, parts};
use self::block::{Block, Context};
use self::question::Questions;
use self::skill::Holdings;
use self::terms::{Answer, Survivor, Terms};
use self::time::{Time, times};
use super::assign::Edge;
use super::evaluate::worth_proposing;
use super::gate::{is_open_beyond_rows, is_permitted, is_role_open};
use super::index::Index;
use super::seats::narrow;
use crate::model::{BasisPoints, Snapshot, Weights};

/// Most roles that one thread takes through all blocks at a time, so that a block's rows stay in its cache for many roles.
const ROLES_AT_A_TIME: usize = 64;

/// A snapshot made ready for the search.
pub struct Candidates<'a> {
    index: Index<'a>,
    /// What the roles ask for which somebody can be proposed at all, those of one field together: they look for the same
    /// people, who then are in the cache.
    terms: Vec<Terms>,
    /// Where in that list each role of the index is.
    places: Vec<Option<usize>>,
    /// When they meet, by clock, then in the same order.
    times: Vec<Vec<Option<Time>>>,
    holdings: Holdings,
    blocks: Vec<Block>,
}

/// How many are wanted for each side; 0 for no lists of that side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Best volunteers for each role.
    pub per_role: usize,
    /// Best roles for each volunteer.
    pub per_volunteer: usize,
}

/// One entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Position of the volunteer or role in the snapshot.
    pub position: u32,
    /// The score of the pair.
    pub score: BasisPoints,
}

/// The best of both sides, in the order of the snapshot; in each list the best first, ties by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopLists {
    /// For each role its best volunteers. Empty when none were wanted.
    pub per_role: Vec<Vec<Ranked>>,
    /// For each volunteer their best roles. Empty when none were wanted.
    pub per_volunteer: Vec<Vec<Ranked>>,
    /// Pairs whose gates on facts are all open, listed or not. (Those on confidence and score are looked at only for pairs
    /// that may be listed.)
    pub eligible_pairs: u64,
}

impl<'a> Candidates<'a> {
    /// Prepares roles and volunteers and lays the volunteers out in blocks, on all threads.
    pub fn new(snapshot: &'a Snapshot, weights: &'a Weights) -> Self {
        let index = Index::new(snapshot, weights);
        let (questions, asked) = Questions::of(&index);
        let holdings = Holdings::of(&index);
        let open = asked.into_iter().zip(&index.roles).zip(0_u32..);
        let mut terms: Vec<Terms> = open
            .filter(|((_, role), _)| is_role_open(role))
            .map(|((asked, role), position)| Terms::of(position, role, asked, weights))
            .collect();
        terms.sort_by_cached_key(Terms::field);
        let mut places = vec![None; index.roles.len()];
        for (place, terms) in terms.iter().enumerate() {
            if let Some(known) = places.get_mut(terms.position as usize) {
                *known = Some(place);
            }
        }
        Self {
            times: times(&index, &terms),
            blocks: block::blocks(&Context {
                index: &index,
                questions: &questions,
                holdings: &holdings,
                days: Terms::days_of(&terms),
            }),
            terms,
            places,
            holdings,
            index,
        }
    }

    pub(crate) const fn index(&self) -> &Index<'a> {
        &self.index
    }

    /// The best of both sides in one pass over the blocks. Memory: a bounded list for each role and thread, and one for
    /// each volunteer.
    pub fn top(&self, depth: Depth) -> TopLists {
        let next = AtomicUsize::new(0);
        let mut shares: Vec<Share> = (0..rayon::current_num_threads())
            .into_par_iter()
            .with_max_len(1)
            .map(|_| {
                let mut share = Share::new(self);
                while let Some(block) = self.blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    share.search(self, block, depth);
                }
                share
            })
            .collect();
        let eligible_pairs = shares.iter().map(|share| share.eligible_pairs).sum();
        TopLists {
            per_volunteer: self.per_volunteer(&mut shares, depth),
            per_role: self.per_role(shares, depth),
            eligible_pairs,
        }
    }

    fn per_volunteer(&self, shares: &mut [Share], depth: Depth) -> Vec<Vec<Ranked>> {
        if depth.per_volunteer == 0 {
            return Vec::new();
        }
        let mut lists = vec![Vec::new(); self.index.volunteers.len()];
        for (volunteer, list) in shares
            .iter_mut()
            .flat_map(|share| share.by_volunteer.drain(..))
        {
            if let Some(place) = lists.get_mut(volunteer as usize) {
                *place = list;
            }
        }
        lists
    }

    fn per_role(&self, shares: Vec<Share>, depth: Depth) -> Vec<Vec<Ranked>> {
        if depth.per_role == 0 {
            return Vec::new();
        }
        let mut joined = vec![Best::default(); self.terms.len()];
        for share in shares {
            for (list, more) in joined.iter_mut().zip(share.by_role) {
                list.join(more, depth.per_role);
            }
        }
        let mut lists = vec![Vec::new(); self.index.roles.len()];
        for (list, terms) in joined.into_iter().zip(&self.terms) {
            if let Some(place) = lists.get_mut(terms.position as usize) {
                *place = ranked(list, depth.per_role);
            }
        }
        lists
    }

    /// The best volunteers of one role, by its position in the snapshot, as [`Candidates::top`] lists them: to make one
    /// list longer without searching for all roles again. Empty where there is no such role.
    pub fn top_of_role(&self, role: usize, most: usize) -> Vec<Ranked> {
        let Some(Some(place)) = self.places.get(role) else {
            return Vec::new();
        };
        let lists: Vec<Best> = self
            .blocks
            .par_iter()
            .map(|block| {
                let mut list = Best::default();
                let mut taker = OfRole {
                    list: &mut list,
                    most,
                };
                self.search(block, *place, &mut Room::default(), &mut taker);
                list
            })
            .collect();
        let mut joined = Best::default();
        for list in lists {
            joined.join(list, most);
        }
        ranked(joined, most)
    }

    /// What `make` makes of each role and its best volunteers, by role. It is called from several threads, as soon as a
    /// role's list is known.
    pub(crate) fn top_of_each_role<T: Send>(
        &self,
        most: usize,
        make: &(dyn Fn(usize, &[Ranked]) -> T + Sync),
    ) -> Vec<T> {
        let made: Vec<Vec<T>> = self.by_some_roles(&|roles| {
            let mut lists = vec![Best::default(); roles.len()];
            let mut room = Room::default();
            for block in &self.blocks {
                for (role, list) in roles.iter().zip(&mut lists) {
                    if let Some(Some(place)) = self.places.get(*role) {
                        self.search(block, *place, &mut room, &mut OfRole { list, most });
                    }
                }
            }
            let lists = roles.iter().zip(lists);
            lists
                .map(|(role, list)| make(*role, &ranked(list, most)))
                .collect()
        });
        made.into_iter().flatten().collect()
    }

    /// What `search` finds for some roles at a time, in their order. Few roles are shared among the threads all the same.
    fn by_some_roles<T: Send>(&self, search: &(dyn Fn(&[usize]) -> T + Sync)) -> Vec<T> {
        let positions: Vec<usize> = (0..self.index.roles.len()).collect();
        let shared = positions
            .len()
            .div_ceil(4 * rayon::current_num_threads())
            .clamp(1, ROLES_AT_A_TIME);
        positions.par_chunks(shared).map(search).collect()
    }

    /// Every eligible pair with its score, by role, then volunteer. Room for all of them: for snapshots whose whole graph
    /// is wanted. `progress` is told how many roles of how many are done.
    pub(crate) fn all(&self, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<Edge> {
        let done = AtomicUsize::new(0);
        let of = self.index.roles.len();
        let lists: Vec<Vec<Edge>> = self.by_some_roles(&|roles| {
            let mut edges = Vec::new();
            let mut room = Room::default();
            for block in &self.blocks {
                for role in roles {
                    if let Some(Some(place)) = self.places.get(*role) {
                        let mut taker = Everyone {
                            role: narrow(*role),
                            edges: &mut edges,
                        };
                        self.search(block, *place, &mut room, &mut taker);
                    }
                }
            }
            edges.sort_unstable();
            let more = roles.len();
            progress(done.fetch_add(more, Ordering::Relaxed) + more, of);
            edges
        });
        lists.concat()
    }

    /// Looks for the role at a place of the list in one block, and gives the pairs that are wanted with their scores. What
    /// the rows say exactly is not asked again, and who cannot be wanted is not scored. Gives how many pairs have all gates
    /// on facts open.
    fn search(&self, block: &Block, role: usize, room: &mut Room, taker: &mut impl Taker) -> usize {
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

/// Who takes what a search finds.
trait Taker {
    /// Whether a pair with at most this score may be wanted.
    fn wants(&self, place: usize, volunteer: u32, bound: u16) -> bool;

    /// Takes a pair: place in the block, position in the index, score.
    fn take(&mut self, place: usize, volunteer: u32, score: u16);
}

/// The best of one role.
struct OfRole<'l> {
    list: &'l mut Best,
    most: usize,
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
struct Everyone<'l> {
    role: u32,
    edges: &'l mut Vec<Edge>,
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

/// The best of one role and of each member of a block.
struct OfBoth<'l> {
    role: u32,
    of_role: OfRole<'l>,
    by_member: &'l mut BestOfEach,
}

impl Taker for OfBoth<'_> {
    fn wants(&self, place: usize, volunteer: u32, bound: u16) -> bool {
        self.of_role.wants(place, volunteer, bound)
            || self.by_member.wants(place, key(bound, self.role))
    }

    fn take(&mut self, place: usize, volunteer: u32, score: u16) {
        self.of_role.take(place, volunteer, score);
        self.by_member.offer(place, key(score, self.role));
    }
}

/// Room for the survivors of one role and block, used again and again.
#[derive(Default)]
struct Room {
    /// Places in the block.
    filtered: Vec<u32>,
    wanted: Vec<Survivor>,
}

/// What one thread finds.
struct Share {
    /// In the order of the terms.
    by_role: Vec<Best>,
    by_volunteer: Vec<(u32, Vec<Ranked>)>,
    eligible_pairs: u64,
    room: Room,
    by_member: BestOfEach,
}

impl Share {
    fn new(candidates: &Candidates<'_>) -> Self {
        Self {
            by_role: vec![Best::default(); candidates.terms.len()],
            by_volunteer: Vec::new(),
            eligible_pairs: 0,
            room: Room::default(),
            by_member: BestOfEach::default(),
        }
    }

    /// All roles against one block: the lists of its members are complete then.
    fn search(&mut self, candidates: &Candidates<'_>, block: &Block, depth: Depth) {
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
            let open = candidates.search(block, role, &mut self.room, &mut taker);
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

fn ranked(list: Best, most: usize) -> Vec<Ranked> {
    list.sorted(most).into_iter().map(entry).collect()
}

fn entry(key: u64) -> Ranked {
    let (score, position) = parts(key);
    Ranked {
        position,
        score: BasisPoints::capped(score.into()),
    }
}
