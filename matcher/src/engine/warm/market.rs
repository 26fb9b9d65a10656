//! The optimum kept while facts change: each change is scored again and repaired, and what moved is told.
//!
//! Of each role the best pairs are listed, all of them down to some score. A volunteer who changes is listed by the roles for
//! which they score above that, so no list misses anybody who belongs there. Where the prices do not prove that nothing below
//! the score could add to the total, the list is made longer: after every change the total is that of the optimum over all
//! eligible pairs, as if solved anew. Which of several equal choices it is depends on the changes before.

use super::moved::{Balance, Moved, MovedPair};
use super::number::Numbered;
use super::{Changed, Edit, EditError, How, Ready};
use crate::engine::assign::{CertificateError, Edge, Market, Problem, ProblemError};
use crate::engine::candidates::Ranked;
use crate::model::{BasisPoints, RoleId, Snapshot, VolunteerId, Weights};

/// The optimum over a snapshot that changes. Pins are not in it, nor whether the hours of several suggestions fit together:
/// a round sees to both.
pub struct Warm<'w> {
    pub(super) ready: Ready<'w>,
    pub(super) market: Market,
    roles: Numbered<RoleId>,
    volunteers: Numbered<VolunteerId>,
    /// By number of the role: no pair that is not listed has a greater score; 0 where all are listed.
    unlisted: Vec<u16>,
    /// What such a pair is worth to the role, its bonus included; 0 too where the role wants none.
    most_worth: Vec<i32>,
    /// By number of the role: how many pairs were asked the last time.
    asked: Vec<usize>,
    pub(super) first_bonus: u32,
    most_per_volunteer: u32,
    pub(super) per_role: usize,
}

impl<'w> Warm<'w> {
    /// Solves the snapshot over all eligible pairs, beginning with the best `per_role` of each role. `most_per_volunteer`
    /// bounds the suggestions of each beside their open placements.
    ///
    /// # Errors
    /// When there are more roles, volunteers or pairs than positions have numbers.
    pub fn new(
        snapshot: &Snapshot,
        weights: &'w Weights,
        per_role: usize,
        most_per_volunteer: Option<u32>,
    ) -> Result<Self, ProblemError> {
        let ready = Ready::new(snapshot, weights);
        let index = ready.index();
        let role_ids = index.roles.iter().map(|role| role.facts.id.clone());
        let volunteer_ids = index.volunteers.iter();
        let volunteer_ids = volunteer_ids.map(|volunteer| volunteer.facts.id.clone());
        let mut warm = Self {
            market: Market::solve(&Problem::new(Vec::new(), Vec::new(), Vec::new())?),
            roles: Numbered::of(role_ids.collect()),
            volunteers: Numbered::of(volunteer_ids.collect()),
            unlisted: Vec::new(),
            most_worth: Vec::new(),
            asked: Vec::new(),
            first_bonus: weights.assignment.first_suggestion.get().into(),
            most_per_volunteer: most_per_volunteer.unwrap_or(u32::MAX),
            per_role: per_role.max(1),
            ready,
        };
        warm.solve()?;
        Ok(warm)
    }

    /// Takes one change in, and tells what moved.
    ///
    /// # Errors
    /// When the change names what there is not (nothing was changed then), or what comes has no number any more.
    pub fn edit(&mut self, edit: Edit) -> Result<Moved, EditError> {
        let mut moved = Balance::default();
        match self.ready.edit(edit)? {
            Changed::Role(position, how) => self.change_role(position, how, &mut moved)?,
            Changed::Volunteer(position, how) => {
                self.change_volunteer(position, how, &mut moved)?;
            }
        }
        self.prove(&mut moved)?;
        let told = |sign: i32| {
            let pairs = moved.with(sign).filter_map(|edge| self.pair(edge));
            let mut pairs: Vec<MovedPair> = pairs.collect();
            pairs.sort_unstable();
            pairs
        };
        Ok(Moved {
            came: told(1),
            went: told(-1),
        })
    }

    /// What the choice is worth: scores, and the bonus of each role that has a suggestion.
    pub fn total(&self) -> u64 {
        self.market.total()
    }

    /// Every pair chosen now, by role and volunteer.
    pub fn chosen(&self) -> Vec<MovedPair> {
        let chosen = self.market.assignment().chosen;
        let mut pairs: Vec<MovedPair> = chosen.iter().filter_map(|edge| self.pair(edge)).collect();
        pairs.sort_unstable();
        pairs
    }

    /// Checks that the prices prove the choice optimal over all eligible pairs, listed or not: a walk over the lists.
    ///
    /// # Errors
    /// Which part of the proof does not hold.
    pub fn verify(&self) -> Result<(), CertificateError> {
        self.market.verify()?;
        // Raising prices until they prove it raises the bound by so much.
        let lacking = self.market.lacking(&self.most_worth);
        let total = self.total();
        if lacking > 0 {
            let bound = total + lacking;
            return Err(CertificateError::Gap { total, bound });
        }
        Ok(())
    }

    fn change_role(
        &mut self,
        position: usize,
        how: How,
        moved: &mut Balance,
    ) -> Result<(), ProblemError> {
        if how == How::Removed {
            let number = self.roles.remove(position);
            moved.add(self.market.change_role(number, 0, 0, &[])?);
            self.note(number, 0, 0, self.per_role);
            return Ok(());
        }
        let Some(role) = self.ready.index().roles.get(position) else {
            return Ok(());
        };
        if how == How::Inserted {
            let id = role.facts.id.clone();
            self.roles.insert(position, id);
        }
        // What sufficed before mostly does again.
        let asked = self.asked.get(self.roles.number(position) as usize);
        self.list_role(position, asked.copied().unwrap_or(self.per_role), moved)
    }

    /// Lists the best pairs of a role, in place of those listed so far.
    fn list_role(
        &mut self,
        position: usize,
        most: usize,
        moved: &mut Balance,
    ) -> Result<(), ProblemError> {
        let Some(role) = self.ready.index().roles.get(position) else {
            return Ok(());
        };
        let wanted = role.facts.suggestions_wanted();
        let list = self.ready.search.top_of_role(position, most);
        let number = self.roles.number(position);
        let mut listed = edges(number, &list);
        for edge in &mut listed {
            edge.volunteer = self.volunteers.number(edge.volunteer as usize);
        }
        let change = self
            .market
            .change_role(number, wanted, self.first_bonus, &listed)?;
        moved.add(change);
        self.note(number, wanted, unlisted(&list, most), most);
        Ok(())
    }

    fn change_volunteer(
        &mut self,
        position: usize,
        how: How,
        moved: &mut Balance,
    ) -> Result<(), ProblemError> {
        if how == How::Removed {
            let number = self.volunteers.remove(position);
            moved.add(self.market.change_volunteer(number, 0, &[])?);
            return Ok(());
        }
        let Some(volunteer) = self.ready.index().volunteers.get(position) else {
            return Ok(());
        };
        let room = self.room(volunteer.facts.open_placements());
        let number = match how {
            How::Inserted => self.volunteers.insert(position, volunteer.facts.id.clone()),
            _ => self.volunteers.number(position),
        };
        let all = self.ready.search.all_of_volunteer(position);
        let listed: Vec<Edge> = all
            .iter()
            .map(|edge| Edge {
                role: self.roles.number(edge.role as usize),
                volunteer: number,
                score: edge.score,
            })
            .filter(|edge| {
                let unlisted = self.unlisted.get(edge.role as usize);
                edge.score > u32::from(unlisted.copied().unwrap_or(0))
            })
            .collect();
        moved.add(self.market.change_volunteer(number, room, &listed)?);
        Ok(())
    }

    /// Makes lists longer until the prices prove that nothing unlisted adds to the total.
    pub(super) fn prove(&mut self, moved: &mut Balance) -> Result<(), ProblemError> {
        loop {
            let short = self.short_roles();
            if short.is_empty() {
                return Ok(());
            }
            for (position, number) in short {
                let asked = self.asked.get(number as usize).copied();
                let more = asked.unwrap_or(self.per_role).saturating_mul(2);
                self.list_role(position, more, moved)?;
            }
        }
    }

    /// Positions and numbers of roles whose price does not prove that nothing unlisted adds to the total. A look at every
    /// role's price, since prices may have moved anywhere: some ten microseconds for ten thousand roles.
    pub(super) fn short_roles(&mut self) -> Vec<(usize, u32)> {
        let short = self.market.raise_to_prove(&self.most_worth);
        if short.is_empty() {
            return Vec::new();
        }
        let numbered = self.roles.by_position.iter().copied().enumerate();
        numbered
            .filter(|(_, number)| short.binary_search(number).is_ok())
            .collect()
    }

    /// Notes what is not listed of a role that wants so many suggestions, and how many pairs were asked.
    pub(super) fn note(&mut self, number: u32, wanted: u32, unlisted: u16, asked: usize) {
        let number = number as usize;
        let count = self.unlisted.len().max(number + 1);
        self.unlisted.resize(count, 0);
        self.most_worth.resize(count, 0);
        self.asked.resize(count, self.per_role);
        if let Some(known) = self.unlisted.get_mut(number) {
            *known = unlisted;
        }
        if let Some(known) = self.most_worth.get_mut(number) {
            let is_proven = unlisted == 0 || wanted == 0;
            let worth = u32::from(unlisted) + self.first_bonus;
            *known = if is_proven { 0 } else { worth.cast_signed() };
        }
        if let Some(known) = self.asked.get_mut(number) {
            *known = asked;
        }
    }

    pub(super) fn room(&self, open_placements: u8) -> u32 {
        self.most_per_volunteer.min(open_placements.into())
    }

    fn pair(&self, edge: &Edge) -> Option<MovedPair> {
        Some(MovedPair {
            role: self.roles.id(edge.role)?.clone(),
            volunteer: self.volunteers.id(edge.volunteer)?.clone(),
            score: BasisPoints::capped(edge.score.into()),
        })
    }
}

/// The greatest score that a pair may have that is not in a list of which so many were asked.
pub(super) fn unlisted(list: &[Ranked], asked: usize) -> u16 {
    let last = list.last().filter(|_| list.len() >= asked);
    last.map_or(0, |last| last.score.get())
}

pub(super) fn edges(role: u32, list: &[Ranked]) -> Vec<Edge> {
    let edge = |ranked: &Ranked| Edge {
        role,
        volunteer: ranked.position,
        score: ranked.score.get().into(),
    };
    list.iter().map(edge).collect()
}
