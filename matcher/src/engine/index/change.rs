//! One role or one volunteer of an index changes, comes or goes. Positions stay those of the ids in order: what comes or goes
//! in the middle moves all that follow by one.

use rayon::prelude::*;

use super::{Facts, Index, Preparation, PreparedRole, PreparedVolunteer};
use crate::model::{ProhibitionCause, RoleId, Snapshot, VolunteerId, Weights};

impl<'w> Index<'w> {
    /// Prepares the whole snapshot, of which it keeps copies.
    pub(crate) fn holding(snapshot: &Snapshot, preparation: &Preparation<'w>) -> Self {
        let volunteers: Vec<_> = snapshot.volunteers.iter().collect();
        Self {
            weights: preparation.weights,
            roles: snapshot
                .roles
                .par_iter()
                .map(|role| {
                    let prohibited =
                        super::role::prohibited(role, &snapshot.prohibitions, &volunteers);
                    preparation.role(Facts::Held(Box::new(role.clone())), prohibited)
                })
                .collect(),
            volunteers: preparation.volunteers(
                volunteers
                    .into_par_iter()
                    .map(|volunteer| Facts::Held(Box::new(volunteer.clone())))
                    .collect(),
            ),
        }
    }

    /// The same roles and volunteers, prepared again.
    pub(crate) fn prepared_again(self, preparation: &Preparation<'w>) -> Self {
        Self {
            weights: preparation.weights,
            roles: self
                .roles
                .into_par_iter()
                .map(|role| preparation.role(role.facts, role.prohibited))
                .collect(),
            volunteers: preparation.volunteers(
                self.volunteers
                    .into_par_iter()
                    .map(|volunteer| volunteer.facts)
                    .collect(),
            ),
        }
    }

    /// Nobody.
    pub(crate) const fn empty(weights: &'w Weights) -> Self {
        Self {
            weights,
            roles: Vec::new(),
            volunteers: Vec::new(),
        }
    }

    /// The position of a role, or the one that it would have.
    pub(crate) fn find_role(&self, id: &RoleId) -> Result<usize, usize> {
        self.roles.binary_search_by(|role| role.facts.id.cmp(id))
    }

    /// The position of a volunteer, or the one that they would have.
    pub(crate) fn find_volunteer(&self, id: &VolunteerId) -> Result<usize, usize> {
        self.volunteers
            .binary_search_by(|volunteer| volunteer.facts.id.cmp(id))
    }

    /// Who must not be proposed for a role, by volunteer.
    pub(crate) fn prohibitions_of(
        &self,
        role: &PreparedRole<'_>,
    ) -> impl Iterator<Item = (&VolunteerId, ProhibitionCause)> {
        let prohibited = role.prohibited.iter();
        prohibited.filter_map(|(position, cause)| {
            let volunteer = self.volunteers.get(*position)?;
            Some((&volunteer.facts.id, *cause))
        })
    }

    /// A volunteer comes; all who follow move up.
    pub(crate) fn insert_volunteer(&mut self, position: usize, volunteer: PreparedVolunteer<'w>) {
        self.volunteers.insert(position, volunteer);
        for (prohibited, _) in self.roles.iter_mut().flat_map(|role| &mut role.prohibited) {
            *prohibited += usize::from(*prohibited >= position);
        }
    }

    /// A volunteer goes, and with them who must not be proposed; all who follow move down.
    pub(crate) fn remove_volunteer(&mut self, position: usize) {
        self.volunteers.remove(position);
        for role in &mut self.roles {
            let left = role.prohibited.iter();
            role.prohibited = left
                .filter(|(prohibited, _)| *prohibited != position)
                .map(|(prohibited, cause)| {
                    (prohibited - usize::from(*prohibited > position), *cause)
                })
                .collect();
        }
    }
}
