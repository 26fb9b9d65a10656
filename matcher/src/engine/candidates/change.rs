//! Candidates of whom one role or one volunteer changes, comes or goes, and nothing else is prepared or scored again.
//!
//! A role's terms are put in place of the old ones. A volunteer is taken out of their block and laid out among a few
//! newcomers. What nobody asked before becomes a new row of every block, what nobody's clock showed before is counted for
//! every role. The answers are those of candidates made from the changed snapshot; a property test compares them.

mod answer;

use rayon::prelude::*;

use super::block::{Block, Context};
use super::home::Homes;
use super::posting::Postings;
use super::question::Row;
use super::terms::Terms;
use super::time::Time;
use super::{Candidates, narrow};
use crate::engine::calendar::Days;
use crate::engine::gate::is_role_open;
use crate::engine::index::{Index, PreparedRole, PreparedVolunteer};
use crate::model::ProhibitionCause;

/// Candidates with what is known of where everybody lies.
pub(crate) struct Changeable<'w> {
    candidates: Candidates<'w>,
    homes: Homes,
    postings: Postings,
}

impl<'w> Changeable<'w> {
    /// Lays out an index for roles that look at volunteers on these days.
    pub(crate) fn of(index: Index<'w>, days: Days) -> Self {
        let candidates = Candidates::of(index, days);
        let mut postings = Postings::default();
        for terms in &candidates.terms {
            postings.add(terms.position, &terms.asked, &candidates.blocks);
        }
        Self {
            homes: Homes::of(&candidates),
            postings,
            candidates,
        }
    }

    /// Takes the index out, to prepare it again or lay it out anew.
    pub(crate) fn into_index(self) -> Index<'w> {
        self.candidates.index
    }

    pub(crate) const fn index(&self) -> &Index<'w> {
        &self.candidates.index
    }

    /// For what preparation puts into the index; a change of whoever is in it goes through here.
    pub(crate) const fn index_mut(&mut self) -> &mut Index<'w> {
        &mut self.candidates.index
    }

    /// Whether laying everybody out anew would pay.
    pub(crate) fn is_crowded(&self) -> bool {
        self.homes.are_crowded()
    }

    /// Puts a role, prepared again, in place of what it was.
    pub(crate) fn replace_role(&mut self, position: usize, role: PreparedRole<'w>) {
        self.close_role(position);
        if let Some(known) = self.candidates.index.roles.get_mut(position) {
            *known = role;
        }
        self.open_role(position);
    }

    /// Sets who must not be proposed for a role, by position, ascending.
    pub(crate) fn prohibit(
        &mut self,
        position: usize,
        prohibited: Box<[(usize, ProhibitionCause)]>,
    ) {
        self.close_role(position);
        if let Some(role) = self.candidates.index.roles.get_mut(position) {
            role.prohibited = prohibited;
        }
        self.open_role(position);
    }

    /// A role comes; all that follow move up.
    pub(crate) fn insert_role(&mut self, position: usize, role: PreparedRole<'w>) {
        self.move_roles(position, 1);
        self.candidates.index.roles.insert(position, role);
        self.candidates.places.insert(position, None);
        self.open_role(position);
    }

    /// A role goes; all that follow move down.
    pub(crate) fn remove_role(&mut self, position: usize) {
        self.close_role(position);
        self.candidates.index.roles.remove(position);
        self.candidates.places.remove(position);
        self.move_roles(position, -1);
    }

    /// Puts a volunteer, prepared again, in place of what they were.
    pub(crate) fn replace_volunteer(&mut self, position: usize, volunteer: PreparedVolunteer<'w>) {
        self.candidates.unsettle(position, &mut self.homes);
        if let Some(known) = self.candidates.index.volunteers.get_mut(position) {
            *known = volunteer;
        }
        self.candidates.settle(position, &mut self.homes);
    }

    /// A volunteer comes; all who follow move up.
    pub(crate) fn insert_volunteer(&mut self, position: usize, volunteer: PreparedVolunteer<'w>) {
        self.move_volunteers(position, 1);
        self.homes.insert(position);
        self.candidates.index.insert_volunteer(position, volunteer);
        self.candidates.settle(position, &mut self.homes);
    }

    /// A volunteer goes; all who follow move down.
    pub(crate) fn remove_volunteer(&mut self, position: usize) {
        self.candidates.unsettle(position, &mut self.homes);
        self.homes.remove(position);
        self.candidates.index.remove_volunteer(position);
        self.move_volunteers(position, -1);
    }

    /// Counts the meetings of all roles on the clock that was added last to the index.
    pub(crate) fn add_clock(&mut self) {
        let candidates = &mut self.candidates;
        let meetings = |terms: &Terms| {
            let role = candidates.index.roles.get(terms.position as usize)?;
            role.meetings.as_ref()
        };
        let clocks = candidates.terms.iter().filter_map(meetings);
        let Some(clock) = clocks.map(|meetings| meetings.sessions.len() - 1).max() else {
            return;
        };
        let times = candidates.terms.par_iter();
        let times =
            times.map(|terms| meetings(terms).and_then(|meetings| Time::of(meetings, clock)));
        candidates.times.push(times.collect());
    }

    /// Searches no longer for the role.
    fn close_role(&mut self, position: usize) {
        let candidates = &mut self.candidates;
        let Some(place) = candidates.places.get_mut(position).and_then(Option::take) else {
            return;
        };
        // The last one takes its place.
        let terms = candidates.terms.swap_remove(place);
        for times in &mut candidates.times {
            times.swap_remove(place);
        }
        if let Some(moved) = candidates.terms.get(place)
            && let Some(known) = candidates.places.get_mut(moved.position as usize)
        {
            *known = Some(place);
        }
        self.postings
            .remove(terms.position, &terms.asked, &candidates.blocks);
    }

    /// Searches for the role, if it is open.
    fn open_role(&mut self, position: usize) {
        let candidates = &mut self.candidates;
        let Some(role) = candidates.index.roles.get(position) else {
            return;
        };
        if !is_role_open(role) {
            return;
        }
        let rows = candidates.questions.count();
        let asked = candidates.questions.ask(role);
        if candidates.questions.count() > rows {
            let context = Context {
                index: &candidates.index,
                questions: &candidates.questions,
                holdings: &candidates.holdings,
                days: candidates.days,
            };
            add_rows(rows, &context, &mut candidates.blocks);
        }
        self.postings
            .add(narrow(position), &asked, &candidates.blocks);
        let meetings = role.meetings.as_ref();
        let clocks = meetings.map_or(0, |meetings| meetings.sessions.len());
        for _ in candidates.times.len()..clocks {
            let nobody = candidates.terms.iter().map(|_| None);
            candidates.times.push(nobody.collect());
        }
        for (clock, times) in candidates.times.iter_mut().enumerate() {
            times.push(meetings.and_then(|meetings| Time::of(meetings, clock)));
        }
        if let Some(place) = candidates.places.get_mut(position) {
            *place = Some(candidates.terms.len());
        }
        let weights = candidates.index.weights;
        candidates.hourly.learn(role, weights);
        let hours = candidates.hourly.values(role);
        let terms = Terms::of(narrow(position), role, asked, hours, weights);
        candidates.terms.push(terms);
    }

    fn move_roles(&mut self, from: usize, by: i32) {
        for terms in &mut self.candidates.terms {
            if terms.position >= narrow(from) {
                terms.position = terms.position.saturating_add_signed(by);
            }
        }
        self.postings.move_positions(narrow(from), by);
    }

    fn move_volunteers(&mut self, from: usize, by: i32) {
        for block in &mut self.candidates.blocks {
            block.move_positions(narrow(from), by);
        }
    }
}

/// Adds the rows from this one on to every block, on all threads.
fn add_rows(from: Row, context: &Context<'_, '_>, blocks: &mut [Block]) {
    let mut asked = context.questions.since(from);
    asked.sort_unstable();
    blocks.par_iter_mut().for_each(|block| {
        for (_, question) in &asked {
            block.add_row(*question, context);
        }
    });
}

#[cfg(test)]
impl Changeable<'_> {
    /// What the search is asked.
    pub(crate) const fn candidates(&self) -> &Candidates<'_> {
        &self.candidates
    }
}
