//! A snapshot kept ready while one role or one volunteer changes at a time: what changed is prepared and scored again,
//! nothing else. Two things are kept from it: `Warm` the optimum, repaired, with its proof; `WarmGraph` every eligible pair,
//! to choose anew as a round does.
//!
//! What a change costs is that of one role against all volunteers or of one volunteer against the roles that ask something
//! they bring, with four exceptions, all told where they happen: a question that nobody asked before (a look at every
//! volunteer), a clock that nobody had before (a look at every role), dates further away than any so far, and, now and then,
//! many volunteers who changed (everything is laid out anew). Weights, date and taxonomy stay; another of these needs
//! another one of these.

mod edit;
mod graph;
mod market;
mod moved;
mod number;
mod solve;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::candidates::Changeable;
use super::index::{Facts, Index, Preparation};
use crate::model::{
    ProhibitionCause, Role, RoleId, Snapshot, Taxonomy, Volunteer, VolunteerId, Weights,
};

pub use edit::{Edit, EditError};
pub use graph::WarmGraph;
pub use market::Warm;
pub use moved::{Moved, MovedPair};

/// Roles and volunteers, ready to be searched; all facts are its own.
struct Ready<'w> {
    as_of: NaiveDate,
    taxonomy: Taxonomy,
    preparation: Preparation<'w>,
    search: Changeable<'w>,
}

/// What an edit changed: who is to be scored again. Positions are those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Changed {
    Role(usize, How),
    Volunteer(usize, How),
}

/// Whether others moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Replaced,
    /// All that follow moved up by one.
    Inserted,
    /// All that followed moved down by one: nobody is at the position, or the next.
    Removed,
}

impl<'w> Ready<'w> {
    fn new(snapshot: &Snapshot, weights: &'w Weights) -> Self {
        let preparation = Preparation::for_changes(
            (snapshot.as_of, &snapshot.taxonomy),
            weights,
            &snapshot.roles.iter().collect::<Vec<_>>(),
            &snapshot.volunteers.iter().collect::<Vec<_>>(),
        );
        let index = Index::holding(snapshot, &preparation);
        Self {
            as_of: snapshot.as_of,
            taxonomy: snapshot.taxonomy.clone(),
            search: Changeable::of(index, preparation.days()),
            preparation,
        }
    }

    const fn index(&self) -> &Index<'w> {
        self.search.index()
    }

    fn edit(&mut self, edit: Edit) -> Result<Changed, EditError> {
        if self.search.is_crowded() {
            self.lay_out_anew();
        }
        match edit {
            Edit::Role(role) => Ok(self.put_role(*role)),
            Edit::Volunteer(volunteer) => Ok(self.put_volunteer(*volunteer)),
            Edit::Prohibitions(role, prohibited) => self.prohibit(role, &prohibited),
            Edit::RoleLeft(role) => {
                let Ok(position) = self.index().find_role(&role) else {
                    return Err(EditError::UnknownRole(role));
                };
                self.search.remove_role(position);
                Ok(Changed::Role(position, How::Removed))
            }
            Edit::VolunteerLeft(volunteer) => {
                let Ok(position) = self.index().find_volunteer(&volunteer) else {
                    return Err(EditError::UnknownVolunteer(volunteer));
                };
                self.search.remove_volunteer(position);
                Ok(Changed::Volunteer(position, How::Removed))
            }
        }
    }

    fn put_role(&mut self, role: Role) -> Changed {
        if !self.preparation.learn_role(&role, &self.taxonomy) {
            self.prepare_anew(&role);
        }
        match self.index().find_role(&role.id) {
            Ok(position) => {
                let roles = &mut self.search.index_mut().roles;
                let known = roles.get_mut(position);
                let prohibited = known
                    .map(|role| std::mem::take(&mut role.prohibited))
                    .unwrap_or_default();
                let prepared = self
                    .preparation
                    .role(Facts::Held(Box::new(role)), prohibited);
                self.search.replace_role(position, prepared);
                Changed::Role(position, How::Replaced)
            }
            Err(position) => {
                let facts = Facts::Held(Box::new(role));
                let prepared = self.preparation.role(facts, Box::default());
                self.search.insert_role(position, prepared);
                Changed::Role(position, How::Inserted)
            }
        }
    }

    fn put_volunteer(&mut self, mut volunteer: Volunteer) -> Changed {
        volunteer.end_pause(self.as_of);
        let index = self.search.index_mut();
        if self
            .preparation
            .learn_volunteer(&volunteer, &self.taxonomy, index)
        {
            self.search.add_clock();
        }
        let at = self.index().find_volunteer(&volunteer.id);
        let facts = Facts::Held(Box::new(volunteer));
        let prepared = self.preparation.volunteer(facts);
        match at {
            Ok(position) => {
                self.search.replace_volunteer(position, prepared);
                Changed::Volunteer(position, How::Replaced)
            }
            Err(position) => {
                self.search.insert_volunteer(position, prepared);
                Changed::Volunteer(position, How::Inserted)
            }
        }
    }

    fn prohibit(
        &mut self,
        role: RoleId,
        prohibited: &[(VolunteerId, ProhibitionCause)],
    ) -> Result<Changed, EditError> {
        let index = self.index();
        let Ok(position) = index.find_role(&role) else {
            return Err(EditError::UnknownRole(role));
        };
        let mut found = Vec::with_capacity(prohibited.len());
        for (volunteer, cause) in prohibited {
            let Ok(position) = index.find_volunteer(volunteer) else {
                return Err(EditError::UnknownVolunteer(volunteer.clone()));
            };
            found.push((position, *cause));
        }
        found.sort_unstable();
        found.dedup_by_key(|(position, _)| *position);
        self.search.prohibit(position, found.into());
        Ok(Changed::Role(position, How::Replaced))
    }

    /// Lays everybody out anew, so that newcomers are among their like and nobody's place is empty.
    fn lay_out_anew(&mut self) {
        let index = self.take_index();
        self.search = Changeable::of(index, self.preparation.days());
    }

    /// Prepares everything again, with clocks that show the dates of one more role.
    #[cold]
    fn prepare_anew(&mut self, role: &Role) {
        let index = self.take_index();
        let roles = index.roles.iter().map(|role| &*role.facts).chain([role]);
        let volunteers = index.volunteers.iter().map(|volunteer| &*volunteer.facts);
        self.preparation = Preparation::for_changes(
            (self.as_of, &self.taxonomy),
            index.weights,
            &roles.collect::<Vec<_>>(),
            &volunteers.collect::<Vec<_>>(),
        );
        let index = index.prepared_again(&self.preparation);
        self.search = Changeable::of(index, self.preparation.days());
    }

    fn take_index(&mut self) -> Index<'w> {
        let nobody = Index::empty(self.index().weights);
        let nobody = Changeable::of(nobody, self.preparation.days());
        std::mem::replace(&mut self.search, nobody).into_index()
    }
}
