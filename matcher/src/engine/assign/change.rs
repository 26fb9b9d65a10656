//! One role or one volunteer changes: their pairs are taken out and put in again, and the few prices that are then wrong are
//! repaired. The result is as optimal as that of solving again; what it costs is near what really moves.

use std::collections::BTreeMap;

use super::certificate::{CertificateError, verify};
use super::market::{CLOSED, Market, Pair, number};
use super::{Edge, MOST, Problem, ProblemError};

/// What a change did to the choice. A pair that was kept at another score is in both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Pairs chosen that were not, by role and volunteer.
    pub chosen: Vec<Edge>,
    /// Pairs not chosen any more, by role and volunteer.
    pub given_up: Vec<Edge>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "roles, volunteers and places are those of the market; `check` has looked at those of the edges"
)]
impl Market {
    /// Sets all that is known of a role: suggestions wanted, the bonus of the first, and its pairs, in any order. A role is
    /// taken out by wanting none; the position after the last adds one. The result is optimal again.
    pub fn change_role(
        &mut self,
        role: u32,
        wanted: u32,
        first_bonus: u32,
        edges: &[Edge],
    ) -> Result<Difference, ProblemError> {
        if role as usize > self.wanted.len() {
            return Err(ProblemError::NoSuchPosition(role));
        }
        let is_added = role as usize == self.wanted.len();
        self.check(edges, |edge| edge.role == role, is_added, false)?;
        if first_bonus > MOST {
            return Err(ProblemError::TooGreat(first_bonus));
        }
        let role = role as usize;
        if is_added {
            self.add_role();
        }
        self.journal.clear();
        let freed = self.give_up_role(role);
        for pair in self.pairs.of(role).to_vec() {
            self.withdraw_offer(pair.other as usize, role);
        }
        let mut edges: Vec<&Edge> = edges.iter().filter(|edge| edge.score > 0).collect();
        edges.sort_unstable_by_key(|edge| edge.order());
        let bonus = first_bonus.cast_signed();
        let pairs: Vec<Pair> = edges
            .iter()
            .map(|edge| Pair::new(edge.volunteer, edge.score.cast_signed() + bonus))
            .collect();
        self.pairs.replace(role, &pairs);
        for edge in edges {
            let offer = Pair::new(edge.role, edge.score.cast_signed() + bonus);
            self.offers.push(edge.volunteer as usize, offer);
        }
        (self.wanted[role], self.bonus[role]) = (wanted, bonus);
        self.role_price[role] = self.best_left_out_of_role(role);
        self.repair_role(role);
        for volunteer in freed {
            self.lower_volunteer(volunteer);
            self.repair_volunteer(volunteer);
        }
        Ok(self.difference())
    }

    /// Sets all that is known of a volunteer: their room and their pairs, in any order. A volunteer is taken out by having no
    /// room; the position after the last adds one. The result is optimal again.
    pub fn change_volunteer(
        &mut self,
        volunteer: u32,
        room: u32,
        edges: &[Edge],
    ) -> Result<Difference, ProblemError> {
        if volunteer as usize > self.room.len() {
            return Err(ProblemError::NoSuchPosition(volunteer));
        }
        let is_added = volunteer as usize == self.room.len();
        self.check(edges, |edge| edge.volunteer == volunteer, false, is_added)?;
        let position = volunteer as usize;
        if is_added {
            self.add_volunteer();
        }
        self.journal.clear();
        let mut freed: Vec<usize> = Vec::new();
        for held in self.held.of(position).to_vec() {
            self.give_up(held.role as usize, held.place as usize);
            freed.push(held.role as usize);
        }
        let given = edges.iter().filter(|edge| edge.score > 0);
        let mut offers: Vec<Pair> = given
            .map(|edge| {
                let value = edge.score.cast_signed() + self.bonus[edge.role as usize];
                Pair::new(edge.role, value)
            })
            .collect();
        offers.sort_unstable_by_key(|offer| offer.other);
        let mut before = self.offers.of(position).to_vec();
        before.sort_unstable_by_key(|offer| offer.other);
        let value_in = |offers: &[Pair], role: u32| {
            let at = offers.binary_search_by_key(&role, |offer| offer.other);
            at.ok().map(|at| offers[at].value())
        };
        for offer in &before {
            if value_in(&offers, offer.other).is_none() {
                self.list_again(offer.other as usize, volunteer, None);
            }
        }
        for offer in &offers {
            if value_in(&before, offer.other) != Some(offer.value()) {
                self.list_again(offer.other as usize, volunteer, Some(offer.value()));
            }
        }
        self.offers.replace(position, &offers);
        self.room[position] = room;
        self.volunteer_price[position] = if room == 0 {
            CLOSED
        } else {
            self.best_left_out_of_volunteer(position)
        };
        freed.sort_unstable();
        for role in freed {
            self.repair_role(role);
        }
        self.repair_volunteer(position);
        Ok(self.difference())
    }

    /// Adds pairs at the end of a role's list; `edges` is the whole list, which begins with the one so far. What is then wrong
    /// waits for `repair`.
    pub(super) fn lengthen(&mut self, role: usize, edges: &[Edge]) {
        let mut pairs = self.pairs.of(role).to_vec();
        let further = edges.iter().filter(|edge| edge.score > 0).skip(pairs.len());
        for edge in further {
            let value = edge.score.cast_signed() + self.bonus[role];
            pairs.push(Pair::new(edge.volunteer, value));
            self.offers
                .push(edge.volunteer as usize, Pair::new(edge.role, value));
        }
        self.pairs.replace(role, &pairs);
        self.settle_role(role);
    }

    /// The pairs of a volunteer, by role.
    pub fn pairs_of_volunteer(&self, volunteer: u32) -> Vec<Edge> {
        let offers = self.offers.of(volunteer as usize).iter();
        let pairs = offers.map(|offer| (offer.other, offer.value()));
        self.edges_of(volunteer, pairs)
    }

    /// The most suggestions of a volunteer.
    pub fn room_of(&self, volunteer: u32) -> u32 {
        self.room[volunteer as usize]
    }

    /// The chosen pairs of a volunteer, by role.
    pub fn chosen_of_volunteer(&self, volunteer: u32) -> Vec<Edge> {
        let held = self.held.of(volunteer as usize).iter();
        let pairs = held.map(|held| (held.role, held.value));
        self.edges_of(volunteer, pairs)
    }

    fn edges_of(&self, volunteer: u32, pairs: impl Iterator<Item = (u32, i32)>) -> Vec<Edge> {
        let edges =
            pairs.map(|(role, value)| self.edge(role as usize, Pair::new(volunteer, value)));
        let mut edges: Vec<Edge> = edges.collect();
        edges.sort_unstable();
        edges
    }

    /// The problem as it stands now.
    pub fn problem(&self) -> Result<Problem<'static>, ProblemError> {
        let edges = (0..self.wanted.len()).flat_map(|role| {
            let pairs = self.pairs.of(role).iter();
            pairs.map(move |pair| self.edge(role, *pair))
        });
        let bonus = self.bonus.iter().map(|bonus| bonus.cast_unsigned());
        Problem::new(
            self.wanted.clone(),
            self.room.clone(),
            edges.collect::<Vec<_>>(),
        )?
        .with_first_bonus(bonus.collect())
    }

    /// Checks the whole proof as it stands now: for tests, and now and then in operation.
    pub fn verify(&self) -> Result<(), CertificateError> {
        let problem = self.problem().map_err(|_| CertificateError::NotAChoice)?;
        let assignment = self.assignment();
        verify(&problem, &assignment.chosen, &assignment.certificate)
    }

    /// Refuses edges that are not of the one that changes, unknown, given twice, or too great.
    fn check(
        &self,
        edges: &[Edge],
        is_own: impl Fn(&Edge) -> bool,
        adds_role: bool,
        adds_volunteer: bool,
    ) -> Result<(), ProblemError> {
        let roles = self.wanted.len() + usize::from(adds_role);
        let volunteers = self.room.len() + usize::from(adds_volunteer);
        for edge in edges {
            let is_known = (edge.role as usize) < roles && (edge.volunteer as usize) < volunteers;
            if !is_known || !is_own(edge) {
                return Err(ProblemError::OutOfRange(*edge));
            }
            if edge.score > MOST {
                return Err(ProblemError::TooGreat(edge.score));
            }
        }
        let mut by_pair: Vec<&Edge> = edges.iter().collect();
        let pair = |edge: &&Edge| (edge.role, edge.volunteer);
        by_pair.sort_by_key(pair);
        let twice = by_pair
            .windows(2)
            .find(|both| pair(&both[0]) == pair(&both[1]));
        twice.map_or(Ok(()), |both| Err(ProblemError::Duplicate(*both[1])))
    }

    fn add_role(&mut self) {
        self.pairs.add();
        self.wanted.push(0);
        self.got.push(0);
        self.bonus.push(0);
        self.role_price.push(0);
        self.search.add_node();
    }

    fn add_volunteer(&mut self) {
        self.offers.add();
        self.held.add();
        self.room.push(0);
        self.volunteer_price.push(0);
        self.search.add_node();
    }

    /// Gives all of the role's pairs up, and tells who is free.
    fn give_up_role(&mut self, role: usize) -> Vec<usize> {
        let pairs: Vec<(usize, usize)> = self
            .pairs
            .of(role)
            .iter()
            .enumerate()
            .filter(|(_, pair)| pair.is_chosen())
            .map(|(place, pair)| (place, pair.other as usize))
            .collect();
        for (place, _) in &pairs {
            self.give_up(role, *place);
        }
        pairs.into_iter().map(|(_, volunteer)| volunteer).collect()
    }

    fn withdraw_offer(&mut self, volunteer: usize, role: usize) {
        let mut offers = self.offers.of(volunteer).iter();
        if let Some(at) = offers.position(|offer| offer.other as usize == role) {
            self.offers.swap_remove(volunteer, at);
        }
    }

    /// Puts the volunteer, who is not chosen, where the value belongs in the role's list, or leaves them out.
    fn list_again(&mut self, role: usize, volunteer: u32, value: Option<i32>) {
        let mut pairs = self.pairs.of(role).to_vec();
        if let Some(at) = pairs.iter().position(|pair| pair.other == volunteer) {
            pairs.remove(at);
        }
        if let Some(value) = value {
            let before = |pair: &Pair| {
                pair.value() > value || (pair.value() == value && pair.other < volunteer)
            };
            let at = pairs.partition_point(before);
            pairs.insert(at, Pair::new(volunteer, value));
        }
        self.pairs.replace(role, &pairs);
        for (place, pair) in pairs.iter().enumerate() {
            if pair.is_chosen() {
                let mut held = self.held.of_mut(pair.other as usize).iter_mut();
                if let Some(held) = held.find(|held| held.role as usize == role) {
                    held.place = number(place);
                }
            }
        }
    }

    fn difference(&mut self) -> Difference {
        let mut balance: BTreeMap<Edge, i32> = BTreeMap::new();
        for (edge, is_chosen) in self.journal.drain(..) {
            *balance.entry(edge).or_default() += if is_chosen { 1 } else { -1 };
        }
        let with = |sign: i32| {
            let edges = balance.iter().filter(move |(_, balance)| **balance == sign);
            edges.map(|(edge, _)| *edge).collect()
        };
        Difference {
            chosen: with(1),
            given_up: with(-1),
        }
    }
}
