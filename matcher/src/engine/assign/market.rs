//! Who is chosen and at what prices, while the optimum is sought and, kept warm, between changes.
//!
//! A pair's `value` is its score and its role's bonus; a role pays the bonus back for each suggestion after its first. With
//! `slack = role price + volunteer price − value`, the state is optimal when prices are not negative and
//!
//! 1. a pair that is not chosen has no negative slack, a chosen one no positive slack;
//! 2. a role gives no suggestion up: its price is at least `floor`; and wants no more: with a free seat it is at most `step`;
//! 3. a volunteer with room has no price.
//!
//! By complementary slackness this is the optimum, and the prices are its certificate. Everything here keeps 1; `augment`
//! and `fill` (in `path`) bring about 2 and 3.

use super::lists::Lists;
use super::path::Search;
use super::{Assignment, Certificate, Edge, Problem};

/// The price of a volunteer without any room: above every value, so that no search and no bid goes there.
pub(super) const CLOSED: i32 = 1 << 22;

/// A pair in the list of one of its sides. The lowest bit of `tagged` says whether it is chosen: one load for both.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// The other side: the volunteer in a role's list, the role in a volunteer's.
    pub(super) other: u32,
    tagged: i32,
}

impl Pair {
    pub(super) const fn new(other: u32, value: i32) -> Self {
        Self {
            other,
            tagged: value << 1,
        }
    }

    pub(super) const fn value(self) -> i32 {
        self.tagged >> 1
    }

    pub(super) const fn is_chosen(self) -> bool {
        self.tagged & 1 == 1
    }

    pub(super) const fn choose(&mut self) {
        self.tagged |= 1;
    }

    pub(super) const fn give_up(&mut self) {
        self.tagged &= !1;
    }
}

/// A chosen pair, at its volunteer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Held {
    pub(super) role: u32,
    /// Where the pair is in its role's list.
    pub(super) place: u32,
    pub(super) value: i32,
}

/// An optimal choice with its prices, kept so that a change costs little. Made by [`Market::solve`]; about 16 bytes for each
/// pair and 60 for each role and volunteer.
#[derive(Debug, Clone)]
pub struct Market {
    /// By role, best first, ties by volunteer.
    pub(super) pairs: Lists<Pair>,
    /// By volunteer, in no order; what is chosen is in `held`.
    pub(super) offers: Lists<Pair>,
    /// Chosen pairs by volunteer, in no order.
    pub(super) held: Lists<Held>,
    pub(super) wanted: Vec<u32>,
    pub(super) room: Vec<u32>,
    pub(super) bonus: Vec<i32>,
    /// Chosen pairs of each role.
    pub(super) got: Vec<u32>,
    pub(super) role_price: Vec<i32>,
    pub(super) volunteer_price: Vec<i32>,
    pub(super) search: Search,
    /// What the chosen pairs are worth.
    pub(super) total: i64,
    /// What was chosen (`true`) and given up since the last change began.
    pub(super) journal: Vec<(Edge, bool)>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "`Problem` has checked the range of roles and volunteers; places are made here"
)]
impl Market {
    /// Nothing chosen, no price, and of each role's pairs only the first, as many as `listed` says. Two walks over these.
    pub(super) fn open(problem: &Problem<'_>, listed: &[usize]) -> Self {
        let (roles, volunteers) = (problem.wanted().len(), problem.room().len());
        let bonus: Vec<i32> = problem
            .first_bonus()
            .iter()
            .map(|bonus| bonus.cast_signed())
            .collect();
        let lists: Vec<&[Edge]> = (0..roles)
            .map(|role| {
                let pairs = problem.pairs_of_role(role);
                &pairs[..listed[role].min(pairs.len())]
            })
            .collect();
        let of_role: Vec<u32> = lists.iter().map(|list| number(list.len())).collect();
        let mut of_volunteer = vec![0; volunteers];
        for edge in lists.iter().copied().flatten() {
            of_volunteer[edge.volunteer as usize] += 1;
        }
        let most_held = of_volunteer.iter().zip(problem.room());
        let held = Lists::with_capacities(
            most_held.map(|(pairs, room)| *pairs.min(room)),
            Held::default(),
        );
        let value = |edge: &Edge| edge.score.cast_signed() + bonus[edge.role as usize];
        let edges = || lists.iter().copied().flatten();
        let pairs = Lists::from_sorted(
            &of_role,
            edges().map(|edge| Pair::new(edge.volunteer, value(edge))),
        );
        let mut offers = Lists::with_capacities(of_volunteer.into_iter(), Pair::default());
        for edge in edges() {
            offers.push(edge.volunteer as usize, Pair::new(edge.role, value(edge)));
        }
        Self {
            pairs,
            offers,
            held,
            wanted: problem.wanted().to_vec(),
            room: problem.room().to_vec(),
            bonus,
            got: vec![0; roles],
            role_price: vec![0; roles],
            volunteer_price: vec![0; volunteers],
            search: Search::new(roles, volunteers),
            total: 0,
            journal: Vec::new(),
        }
    }

    pub(super) fn has_free_seat(&self, role: usize) -> bool {
        self.got[role] < self.wanted[role]
    }

    pub(super) fn has_room(&self, volunteer: usize) -> bool {
        self.held.len(volunteer) < self.room[volunteer] as usize
    }

    /// What the role pays back for one more suggestion: above this price it wants one.
    pub(super) fn step(&self, role: usize) -> i32 {
        if self.got[role] == 0 {
            0
        } else {
            self.bonus[role]
        }
    }

    /// What the role gets back when it gives a suggestion up: below this price it does.
    pub(super) fn floor(&self, role: usize) -> i32 {
        if self.got[role] <= 1 {
            0
        } else {
            self.bonus[role]
        }
    }

    /// Chooses the pair, and notes it.
    pub(super) fn choose(&mut self, role: usize, place: usize) {
        let edge = self.edge(role, self.pairs.of(role)[place]);
        self.journal.push((edge, true));
        self.hold(role, place);
    }

    pub(super) fn hold(&mut self, role: usize, place: usize) {
        let step = self.step(role);
        let pair = &mut self.pairs.of_mut(role)[place];
        pair.choose();
        let held = Held {
            role: number(role),
            place: number(place),
            value: pair.value(),
        };
        self.held.push(pair.other as usize, held);
        self.got[role] += 1;
        self.total += i64::from(held.value - step);
    }

    /// Gives the pair up, and notes it.
    pub(super) fn give_up(&mut self, role: usize, place: usize) {
        let floor = self.floor(role);
        let pair = &mut self.pairs.of_mut(role)[place];
        pair.give_up();
        let pair = *pair;
        let volunteer = pair.other as usize;
        let mut held = self.held.of(volunteer).iter();
        if let Some(at) = held.position(|held| held.role as usize == role) {
            self.held.swap_remove(volunteer, at);
        }
        self.got[role] -= 1;
        self.total -= i64::from(pair.value() - floor);
        self.journal.push((self.edge(role, pair), false));
    }

    pub(super) fn edge(&self, role: usize, pair: Pair) -> Edge {
        Edge {
            role: number(role),
            volunteer: pair.other,
            score: (pair.value() - self.bonus[role]).cast_unsigned(),
        }
    }

    /// What the choice is worth: scores, and the bonus of each role that has a suggestion.
    pub fn total(&self) -> u64 {
        self.total.cast_unsigned()
    }

    /// Every role gets what adds to the total, then every volunteer whose room has a price: after this, optimal.
    pub(super) fn repair(&mut self) {
        for role in 0..self.wanted.len() {
            self.repair_role(role);
        }
        for volunteer in 0..self.room.len() {
            self.repair_volunteer(volunteer);
        }
    }

    pub(super) fn repair_role(&mut self, role: usize) {
        while self.has_free_seat(role) && self.role_price[role] > self.step(role) {
            if !self.augment(role) {
                break;
            }
        }
    }

    /// Needs all roles repaired.
    pub(super) fn repair_volunteer(&mut self, volunteer: usize) {
        while self.has_room(volunteer) && self.volunteer_price[volunteer] > 0 {
            if !self.fill(volunteer) {
                break;
            }
        }
    }

    /// The choice and its proof, in the order of the problem's pairs. One walk over the pairs.
    pub fn assignment(&self) -> Assignment {
        let mut chosen = Vec::with_capacity(self.got.iter().map(|got| *got as usize).sum());
        let mut role_prices = Vec::with_capacity(self.wanted.len());
        for role in 0..self.wanted.len() {
            // Any price between the best pair left out and the worst one chosen proves the same; the highest proves most
            // about pairs that are not listed.
            let mut highest = CLOSED;
            for pair in self.pairs.of(role).iter().filter(|pair| pair.is_chosen()) {
                chosen.push(self.edge(role, *pair));
                highest = highest.min(pair.value() - self.volunteer_price[pair.other as usize]);
            }
            let is_full = self.got[role] > 0 && !self.has_free_seat(role);
            let price = if is_full {
                highest.max(self.role_price[role])
            } else if self.role_price[role] < CLOSED {
                self.role_price[role]
            } else {
                // It wants none: any price that leaves no pair a gain.
                let pairs = self.pairs.of(role).iter();
                pairs
                    .map(|pair| pair.value() - self.volunteer_price[pair.other as usize])
                    .fold(0, i32::max)
            };
            role_prices.push(price.cast_unsigned());
        }
        let volunteer_prices = (0..self.room.len())
            .map(|volunteer| {
                if self.volunteer_price[volunteer] < CLOSED {
                    return self.volunteer_price[volunteer].cast_unsigned();
                }
                let offers = self.offers.of(volunteer).iter();
                offers
                    .map(|offer| offer.value() - role_prices[offer.other as usize].cast_signed())
                    .fold(0, i32::max)
                    .cast_unsigned()
            })
            .collect();
        Assignment {
            chosen,
            certificate: Certificate {
                total: self.total(),
                role_prices,
                volunteer_prices,
            },
        }
    }
}

/// Positions are counted in 32 bits: `Problem` refuses more.
pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
