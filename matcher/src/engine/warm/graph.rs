//! Every eligible pair with its score, kept while facts change; the choice is made anew each time. So it depends on the facts
//! alone, not on the changes before: whoever is given the same facts shows the same.

use std::fmt;

use super::{Changed, Edit, EditError, How, Ready};
use crate::engine::assign::{Edge, ProblemError};
use crate::engine::round::{self, Pairing, RoundOptions};
use crate::engine::seats::narrow;
use crate::model::{ProhibitionCause, Role, Snapshot, VolunteerId, Weights};

/// Edits that are taken in one by one, and one more for each sixteen roles and volunteers; with more, all is made anew.
const MOST_EDITS: usize = 16;

/// A snapshot's eligible pairs, ready to be chosen from. Memory: the facts and what is prepared of them, a few kilobytes for
/// each role and volunteer, and eight bytes for each eligible pair.
pub struct WarmGraph<'w> {
    ready: Ready<'w>,
    weights: &'w Weights,
    /// By role, then volunteer.
    pairs: Vec<Vec<Scored>>,
    refused: Option<EditError>,
}

/// One side of an eligible pair.
#[derive(Debug, Clone, Copy)]
struct Scored {
    volunteer: u32,
    score: u16,
}

impl Scored {
    fn of(edge: &Edge) -> Self {
        Self {
            volunteer: edge.volunteer,
            score: edge.score.try_into().unwrap_or(u16::MAX),
        }
    }
}

impl fmt::Debug for WarmGraph<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = self.ready.index();
        f.debug_struct("WarmGraph")
            .field("roles", &index.roles.len())
            .field("volunteers", &index.volunteers.len())
            .field("pairs", &self.pairs.iter().map(Vec::len).sum::<usize>())
            .finish_non_exhaustive()
    }
}

impl<'w> WarmGraph<'w> {
    /// Prepares and scores everything.
    pub fn new(snapshot: &Snapshot, weights: &'w Weights) -> Self {
        let ready = Ready::new(snapshot, weights);
        let mut pairs = vec![Vec::new(); ready.index().roles.len()];
        for edge in ready.search.all() {
            if let Some(list) = pairs.get_mut(edge.role as usize) {
                list.push(Scored::of(&edge));
            }
        }
        Self {
            ready,
            weights,
            pairs,
            refused: None,
        }
    }

    /// The pairings of a round over this snapshot, the same ones as [`crate::engine::pairings`] gives. Whatever differs from
    /// the snapshot before is found by comparing, prepared and scored again; the choice is made anew. Another date or taxonomy,
    /// or very many changes, and everything is.
    ///
    /// # Errors
    /// When there are more pairs than an assignment has numbers for.
    pub fn pairings(
        &mut self,
        snapshot: &Snapshot,
        options: &RoundOptions,
    ) -> Result<Vec<Pairing>, ProblemError> {
        // What cannot be taken in one by one, for whatever reason, is made anew: exact either way.
        let taken_in = self.bring_up_to(snapshot);
        if !matches!(taken_in, Ok(true)) {
            *self = Self::new(snapshot, self.weights);
        }
        self.refused = taken_in.err();
        let edges = (0..).zip(&self.pairs).flat_map(|(role, list)| {
            list.iter().map(move |pair| Edge {
                role,
                volunteer: pair.volunteer,
                score: pair.score.into(),
            })
        });
        let eligible: Vec<Edge> = edges.collect();
        round::pairings_among(self.ready.index(), &eligible, snapshot, options)
    }

    /// Why the last [`WarmGraph::pairings`] made everything anew although taking in what differs would have been better. Never
    /// happens while the edits found are those that the graph needs; the pairings are right all the same.
    pub const fn refused(&self) -> Option<&EditError> {
        self.refused.as_ref()
    }

    /// Takes in what differs. `false` when making everything anew is better.
    fn bring_up_to(&mut self, snapshot: &Snapshot) -> Result<bool, EditError> {
        if snapshot.as_of != self.ready.as_of || snapshot.taxonomy != self.ready.taxonomy {
            return Ok(false);
        }
        let edits = self.edits_of_facts(snapshot);
        let everybody = snapshot.roles.len() + snapshot.volunteers.len();
        let most = MOST_EDITS + everybody / 16;
        if edits.len() > most {
            return Ok(false);
        }
        for edit in edits {
            self.edit(edit)?;
        }
        let edits = self.edits_of_prohibitions(snapshot);
        if edits.len() > most {
            return Ok(false);
        }
        for edit in edits {
            self.edit(edit)?;
        }
        Ok(true)
    }

    /// Who left, came or changed: one walk over both sides in the order of ids.
    fn edits_of_facts(&self, snapshot: &Snapshot) -> Vec<Edit> {
        let index = self.ready.index();
        let mut edits = Vec::new();
        for role in &index.roles {
            if snapshot.find_role(&role.facts.id).is_none() {
                edits.push(Edit::RoleLeft(role.facts.id.clone()));
            }
        }
        for volunteer in &index.volunteers {
            if snapshot.find_volunteer(&volunteer.facts.id).is_none() {
                edits.push(Edit::VolunteerLeft(volunteer.facts.id.clone()));
            }
        }
        for volunteer in &snapshot.volunteers {
            let known = index.find_volunteer(&volunteer.id).ok();
            let known = known.and_then(|position| index.volunteers.get(position));
            if known.is_none_or(|known| *known.facts != *volunteer) {
                edits.push(Edit::Volunteer(Box::new(volunteer.clone())));
            }
        }
        for role in &snapshot.roles {
            let known = index.find_role(&role.id).ok();
            let known = known.and_then(|position| index.roles.get(position));
            if known.is_none_or(|known| *known.facts != *role) {
                edits.push(Edit::Role(Box::new(role.clone())));
            }
        }
        edits
    }

    /// Whom roles prohibit that they did not, or at another cause, or no longer. Roles and volunteers are those of the
    /// snapshot by now.
    fn edits_of_prohibitions(&self, snapshot: &Snapshot) -> Vec<Edit> {
        let index = self.ready.index();
        let mut edits = Vec::new();
        for (role, prepared) in snapshot.roles.iter().zip(&index.roles) {
            let now = prohibitions_of(role, snapshot);
            let known = index.prohibitions_of(prepared);
            if !known.eq(now.iter().map(|(volunteer, cause)| (volunteer, *cause))) {
                edits.push(Edit::Prohibitions(role.id.clone(), now));
            }
        }
        edits
    }

    fn edit(&mut self, edit: Edit) -> Result<(), EditError> {
        match self.ready.edit(edit)? {
            Changed::Role(position, How::Removed) => {
                self.pairs.remove(position);
            }
            Changed::Role(position, how) => {
                if how == How::Inserted {
                    self.pairs.insert(position, Vec::new());
                }
                let pairs = self.ready.search.all_of_role(position);
                if let Some(list) = self.pairs.get_mut(position) {
                    *list = pairs.iter().map(Scored::of).collect();
                }
            }
            Changed::Volunteer(position, how) => self.list_volunteer(position, how),
        }
        Ok(())
    }

    /// Puts a volunteer into the lists of the roles they are eligible for, and out of all others: a look into every list.
    fn list_volunteer(&mut self, position: usize, how: How) {
        let volunteer = narrow(position);
        for list in &mut self.pairs {
            let at = list.partition_point(|pair| pair.volunteer < volunteer);
            let is_listed = list.get(at).is_some_and(|pair| pair.volunteer == volunteer);
            if is_listed && how != How::Inserted {
                list.remove(at);
            }
            let by = match how {
                How::Replaced => continue,
                How::Inserted => 1,
                How::Removed => -1,
            };
            for pair in list.iter_mut().skip(at) {
                pair.volunteer = pair.volunteer.saturating_add_signed(by);
            }
        }
        if how == How::Removed {
            return;
        }
        for edge in self.ready.search.all_of_volunteer(position) {
            if let Some(list) = self.pairs.get_mut(edge.role as usize) {
                let at = list.partition_point(|pair| pair.volunteer < volunteer);
                list.insert(at, Scored::of(&edge));
            }
        }
    }
}

/// Whom a role prohibits, by volunteer.
fn prohibitions_of(role: &Role, snapshot: &Snapshot) -> Vec<(VolunteerId, ProhibitionCause)> {
    let all = &snapshot.prohibitions;
    let from = all.partition_point(|prohibition| prohibition.role < role.id);
    let of_role = all.iter().skip(from);
    let of_role = of_role.take_while(|prohibition| prohibition.role == role.id);
    of_role
        .map(|prohibition| (prohibition.volunteer.clone(), prohibition.cause))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::candidates::tests::random;
    use crate::engine::pairings;
    use crate::model::SnapshotFacts;

    #[test]
    fn what_cannot_be_taken_in_is_told_once_and_all_is_right_all_the_same() {
        let (snapshot, weights) = random::snapshot(7, 8, 4);
        let options = RoundOptions::default();
        let mut graph = WarmGraph::new(&snapshot, &weights);
        graph.pairings(&snapshot, &options).unwrap();
        assert_eq!(graph.refused(), None);

        // Out of the order of ids nobody is found any more.
        graph.ready.search.index_mut().volunteers.reverse();
        let [leaves, others @ ..] = snapshot.volunteers.as_slice() else {
            panic!("there are eight")
        };
        let fewer = SnapshotFacts {
            volunteers: others.to_vec(),
            roles: snapshot.roles.clone(),
            taxonomy: snapshot.taxonomy.clone(),
            ..SnapshotFacts::empty(snapshot.as_of)
        };
        let fewer = Snapshot::new(fewer).unwrap();
        let expected = pairings(&fewer, &weights, &options);
        assert_eq!(graph.pairings(&fewer, &options), expected);
        let refused = EditError::UnknownVolunteer(leaves.id.clone());
        assert_eq!(graph.refused(), Some(&refused));
        assert_eq!(graph.pairings(&fewer, &options), expected);
        assert_eq!(graph.refused(), None);
    }
}
