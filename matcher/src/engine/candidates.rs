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
use self::block::Block;
use self::question::Questions;
use self::skill::Holdings;
use self::terms::{Answer, Terms};
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
    /// What each role asks; `None` where nobody can be proposed.
    terms: Vec<Option<Terms>>,
    /// When each role meets, by clock, then role.
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
    /// Pairs whose gates are all open, listed or not.
    pub eligible_pairs: u64,
}

impl<'a> Candidates<'a> {
    /// Prepares roles and volunteers and lays the volunteers out in blocks, on all threads.
    pub fn new(snapshot: &'a Snapshot, weights: &'a Weights) -> Self {
        let index = Index::new(snapshot, weights);
        let (questions, asked) = Questions::of(&index);
        let holdings = Holdings::of(&index);
        let open = asked.into_iter().zip(&index.roles);
        Self {
            terms: open
                .map(|(asked, role)| {
                    is_role_open(role).then(|| Terms::of(role, asked, index.weights))
                })
                .collect(),
            times: times(&index),
            blocks: block::blocks(&index, &questions, &holdings),
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
                let mut share = Share::new(self, depth);
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
        let mut shares = shares.into_iter();
        let mut joined = shares.next().map_or_else(
            || vec![Best::default(); self.index.roles.len()],
            |share| share.by_role,
        );
        for share in shares {
            for (list, more) in joined.iter_mut().zip(share.by_role) {
                list.join(more, depth.per_role);
            }
        }
        joined
            .into_par_iter()
            .map(|list| ranked(list, depth.per_role))
            .collect()
    }

    /// The best volunteers of one role, by its position in the snapshot, as [`Candidates::top`] lists them: to make one
    /// list longer without searching for all roles again. Empty where there is no such role.
    pub fn top_of_role(&self, role: usize, most: usize) -> Vec<Ranked> {
        let lists: Vec<Best> = self
            .blocks
            .par_iter()
            .map(|block| {
                let mut list = Best::default();
                self.eligible_in(block, role, &mut Vec::new(), &mut |_, volunteer, score| {
                    list.offer(key(score, volunteer), most);
                });
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
            let mut survivors = Vec::new();
            for block in &self.blocks {
                for (role, list) in roles.iter().zip(&mut lists) {
                    let mut found = |_, volunteer, score| list.offer(key(score, volunteer), most);
                    self.eligible_in(block, *role, &mut survivors, &mut found);
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
            let mut survivors = Vec::new();
            for block in &self.blocks {
                for role in roles {
                    let mut found = |_, volunteer, score: u16| {
                        edges.push(Edge {
                            role: narrow(*role),
                            volunteer,
                            score: score.into(),
                        });
                    };
                    self.eligible_in(block, *role, &mut survivors, &mut found);
                }
            }
            edges.sort_unstable();
            let more = roles.len();
            progress(done.fetch_add(more, Ordering::Relaxed) + more, of);
            edges
        });
        lists.concat()
    }

    /// Gives each eligible member of the block: place in the block, position in the index, score. What the rows say
    /// exactly is not asked again.
    fn eligible_in(
        &self,
        block: &Block,
        role: usize,
        survivors: &mut Vec<u32>,
        found: &mut impl FnMut(usize, u32, u16),
    ) {
        let Some(Some(terms)) = self.terms.get(role) else {
            return;
        };
        let on_clock = block.clock.and_then(|clock| self.times.get(clock));
        let time = on_clock.and_then(|times| times.get(role)?.as_ref());
        filter::survivors(block, &terms.asked, time, survivors);
        for place in survivors.iter().map(|place| *place as usize) {
            let (Some(member), Some(position)) =
                (block.members.get(place), block.positions.get(place))
            else {
                continue;
            };
            let weights = self.index.weights;
            let subject = (block, place, member);
            let score = match terms.answer(time, subject, &self.holdings, weights) {
                Answer::Closed => None,
                Answer::Open(score) if !terms.must_ask_if_permitted(member) => Some(score),
                Answer::Open(score) => self
                    .index
                    .pair(role, *position as usize)
                    .is_some_and(is_permitted)
                    .then_some(score),
                Answer::Unusual => self.by_looking(role, *position as usize),
            };
            if let Some(score) = score {
                found(place, *position, score);
            }
        }
    }

    /// The score of a survivor by the readable gates and score, if all gates are open.
    #[cold]
    fn by_looking(&self, role: usize, volunteer: usize) -> Option<u16> {
        let pair = self.index.pair(role, volunteer)?;
        let measured = is_open_beyond_rows(pair).then(|| worth_proposing(pair))??;
        Some(measured.score.get())
    }
}

/// What one thread finds.
struct Share {
    by_role: Vec<Best>,
    by_volunteer: Vec<(u32, Vec<Ranked>)>,
    eligible_pairs: u64,
    survivors: Vec<u32>,
    by_member: BestOfEach,
}

impl Share {
    fn new(candidates: &Candidates<'_>, depth: Depth) -> Self {
        let roles = if depth.per_role == 0 {
            0
        } else {
            candidates.index.roles.len()
        };
        Self {
            by_role: vec![Best::default(); roles],
            by_volunteer: Vec::new(),
            eligible_pairs: 0,
            survivors: Vec::new(),
            by_member: BestOfEach::default(),
        }
    }

    /// All roles against one block: the lists of its members are complete then.
    fn search(&mut self, candidates: &Candidates<'_>, block: &Block, depth: Depth) {
        self.by_member
            .begin(block.positions.len(), depth.per_volunteer);
        for role in 0..candidates.index.roles.len() {
            let mut of_role = self.by_role.get_mut(role);
            let mut found = |place, volunteer, score| {
                self.eligible_pairs += 1;
                if let Some(list) = &mut of_role {
                    list.offer(key(score, volunteer), depth.per_role);
                }
                self.by_member.offer(place, key(score, narrow(role)));
            };
            candidates.eligible_in(block, role, &mut self.survivors, &mut found);
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
