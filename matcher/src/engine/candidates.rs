//! The search for candidates: every pair of a role and a volunteer is considered, none is sampled or guessed.
//!
//! Volunteers lie in blocks of vertical bitsets (`block`). For each role and block the `filter` combines the rows that the
//! role asks, 64 people at a time, and drops only those whom a gate keeps out for sure; each survivor then meets the very
//! gates and score of a single evaluation, read from a few bytes (`survivor`) or, out of the ordinary, from those very
//! functions. The best are kept in bounded room (`best`), ties by id, so the lists are the same for any number of threads
//! and any layout of the blocks. So one role or volunteer can be taken out and laid out elsewhere when they change (`change`).

mod best;
mod block;
mod change;
mod filter;
mod home;
mod hours;
mod map;
mod member;
mod posting;
mod question;
mod search;
mod share;
mod side;
mod skill;
mod survivor;
mod terms;
#[cfg(test)]
pub(in crate::engine) mod tests;
mod time;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use self::best::{Best, parts};
use self::block::{Block, Context};
pub(crate) use self::change::Changeable;
use self::hours::Hourly;
use self::question::Questions;
use self::search::{Everyone, OfRole};
use self::share::Share;
use self::skill::Holdings;
use self::terms::Terms;
use self::time::{Time, times};
use super::assign::Edge;
use super::calendar::Days;
use super::gate::is_role_open;
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
    questions: Questions,
    hourly: Hourly,
    holdings: Holdings,
    /// The days on which some role may look at volunteers.
    days: Days,
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
    /// Pairs whose gates on facts are all open, listed or not.
    pub eligible_pairs: u64,
}

impl<'a> Candidates<'a> {
    /// Prepares roles and volunteers and lays the volunteers out in blocks, on all threads.
    pub fn new(snapshot: &'a Snapshot, weights: &'a Weights) -> Self {
        Self::of(Index::new(snapshot, weights), Days::NONE)
    }

    /// Lays out the volunteers of an index, for its roles and those that look at them on further days.
    fn of(index: Index<'a>, further: Days) -> Self {
        let (questions, asked) = Questions::of(&index);
        let holdings = Holdings::of(&index);
        let hourly = Hourly::of(&index.roles, index.weights);
        let open = asked.into_iter().zip(&index.roles).zip(0_u32..);
        let mut terms: Vec<Terms> = open
            .filter(|((_, role), _)| is_role_open(role))
            .map(|((asked, role), position)| {
                Terms::of(position, role, asked, hourly.values(role), index.weights)
            })
            .collect();
        terms.sort_by_cached_key(Terms::field);
        let mut places = vec![None; index.roles.len()];
        for (place, terms) in terms.iter().enumerate() {
            if let Some(known) = places.get_mut(terms.position as usize) {
                *known = Some(place);
            }
        }
        let looked_at = Terms::days_of(&terms);
        let days = Days {
            first: looked_at.first.min(further.first),
            last: looked_at.last.max(further.last),
        };
        Self {
            times: times(&index, &terms),
            blocks: block::blocks(&Context {
                index: &index,
                questions: &questions,
                holdings: &holdings,
                days,
            }),
            terms,
            places,
            questions,
            hourly,
            holdings,
            days,
            index,
        }
    }

    pub(crate) const fn index(&self) -> &Index<'a> {
        &self.index
    }

    /// The best of both sides in one pass over the blocks. Memory: a bounded list for each role and thread, and one for
    /// each volunteer.
    pub fn top(&self, depth: Depth) -> TopLists {
        // No list is longer than there are counterparts.
        let depth = Depth {
            per_role: depth.per_role.min(self.index.volunteers.len()),
            per_volunteer: depth.per_volunteer.min(self.index.roles.len()),
        };
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
        let most = most.min(self.index.volunteers.len());
        let lists: Vec<Best> = self
            .blocks
            .par_iter()
            .map(|block| {
                let mut list = Best::default();
                let mut taker = OfRole {
                    list: &mut list,
                    most,
                };
                self.search(block, *place, &mut Vec::new(), &mut taker);
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
        let most = most.min(self.index.volunteers.len());
        let made: Vec<Vec<T>> = self.by_some_roles(&|roles| {
            let mut lists = vec![Best::default(); roles.len()];
            let mut room = Vec::new();
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
            let mut room = Vec::new();
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
