//! Everything a round reads, at one date. Volunteers and roles are kept in the order of their ids, so that the order
//! in which they were given changes nothing.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::invalid::refuse_duplicates;
use super::time::check_year;
use super::{Invalid, Role, RoleId, Rule, Taxonomy, Volunteer, VolunteerId};

/// A pair that a coordinator wants in the round whatever its score, provided that its gates are open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pin {
    /// Which role.
    pub role: RoleId,
    /// Which volunteer.
    pub volunteer: VolunteerId,
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} – {}", self.role, self.volunteer)
    }
}

/// Why a pair must not be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProhibitionCause {
    /// A coordinator forbade it.
    Forbidden,
    /// The two are already paired: proposed, offered or placed.
    AlreadyPaired,
    /// One of them declined before.
    Declined,
    /// A coordinator rejected it before.
    Rejected,
}

/// A pair that must not be proposed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Prohibition {
    /// Which role.
    pub role: RoleId,
    /// Which volunteer.
    pub volunteer: VolunteerId,
    /// Why.
    pub cause: ProhibitionCause,
}

/// The parts of a snapshot, before they are checked against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SnapshotFacts {
    /// The date on which the round is run.
    pub as_of: NaiveDate,
    /// Volunteers.
    pub volunteers: Vec<Volunteer>,
    /// Roles.
    pub roles: Vec<Role>,
    /// How skills are related.
    pub taxonomy: Taxonomy,
    /// Pairs wanted.
    pub pins: Vec<Pin>,
    /// Pairs not wanted.
    pub prohibitions: Vec<Prohibition>,
}

impl SnapshotFacts {
    /// A snapshot of nobody.
    pub fn empty(as_of: NaiveDate) -> Self {
        Self {
            as_of,
            volunteers: Vec::new(),
            roles: Vec::new(),
            taxonomy: Taxonomy::default(),
            pins: Vec::new(),
            prohibitions: Vec::new(),
        }
    }
}

/// A consistent snapshot; read-only, through [`Deref`]. Everything in it is sorted by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Snapshot(SnapshotFacts);

impl Snapshot {
    /// Sorts the parts, ends the pauses that are over, and lists every id that is given twice or that nothing has.
    pub fn new(mut facts: SnapshotFacts) -> Result<Self, Vec<Invalid>> {
        for volunteer in &mut facts.volunteers {
            volunteer.end_pause(facts.as_of);
        }
        facts.volunteers.sort_by(|a, b| a.id.cmp(&b.id));
        facts.roles.sort_by(|a, b| a.id.cmp(&b.id));
        facts.pins.sort();
        facts.prohibitions.sort();
        facts
            .prohibitions
            .dedup_by(|a, b| a.role == b.role && a.volunteer == b.volunteer);

        let mut faults: Vec<Invalid> = check_year(facts.as_of)
            .err()
            .map(|rule| rule.at("as_of"))
            .into_iter()
            .collect();
        refuse_duplicates(
            "volunteers",
            facts.volunteers.iter().map(|volunteer| &volunteer.id),
            &mut faults,
        );
        refuse_duplicates(
            "roles",
            facts.roles.iter().map(|role| &role.id),
            &mut faults,
        );
        refuse_duplicates("pins", &facts.pins, &mut faults);
        let pairs =
            facts
                .pins
                .iter()
                .map(|pin| ("pins", &pin.role, &pin.volunteer))
                .chain(facts.prohibitions.iter().map(|prohibition| {
                    ("prohibitions", &prohibition.role, &prohibition.volunteer)
                }));
        for (field, role, volunteer) in pairs {
            if find_role(&facts, role).is_none() {
                faults.push(
                    Rule::UnknownReference {
                        id: role.to_string(),
                    }
                    .at(format!("{field}.role")),
                );
            }
            if find_volunteer(&facts, volunteer).is_none() {
                faults.push(
                    Rule::UnknownReference {
                        id: volunteer.to_string(),
                    }
                    .at(format!("{field}.volunteer")),
                );
            }
        }
        let forbidden: BTreeSet<_> = facts
            .prohibitions
            .iter()
            .filter(|prohibition| prohibition.cause == ProhibitionCause::Forbidden)
            .map(|prohibition| (&prohibition.role, &prohibition.volunteer))
            .collect();
        for pin in &facts.pins {
            if forbidden.contains(&(&pin.role, &pin.volunteer)) {
                faults.push(Rule::PinnedAndProhibited.at(format!("pins ({pin})")));
            }
        }
        if faults.is_empty() {
            Ok(Self(facts))
        } else {
            Err(faults)
        }
    }

    /// Identifies the snapshot by its content: SHA-256 in hexadecimal, whatever the order in which it was given.
    pub fn fingerprint(&self) -> String {
        super::weights::fingerprint(self)
    }

    /// The role with this id.
    pub fn find_role(&self, id: &RoleId) -> Option<&Role> {
        find_role(&self.0, id)
    }

    /// The volunteer with this id.
    pub fn find_volunteer(&self, id: &VolunteerId) -> Option<&Volunteer> {
        find_volunteer(&self.0, id)
    }

    /// Why the pair must not be proposed, if so.
    pub fn find_prohibition(
        &self,
        role: &RoleId,
        volunteer: &VolunteerId,
    ) -> Option<ProhibitionCause> {
        let found = self
            .prohibitions
            .binary_search_by(|other| (&other.role, &other.volunteer).cmp(&(role, volunteer)));
        found
            .ok()
            .and_then(|position| self.prohibitions.get(position))
            .map(|prohibition| prohibition.cause)
    }
}

impl Deref for Snapshot {
    type Target = SnapshotFacts;

    fn deref(&self) -> &SnapshotFacts {
        &self.0
    }
}

fn find_role<'a>(facts: &'a SnapshotFacts, id: &RoleId) -> Option<&'a Role> {
    facts
        .roles
        .binary_search_by(|role| role.id.cmp(id))
        .ok()
        .and_then(|position| facts.roles.get(position))
}

fn find_volunteer<'a>(facts: &'a SnapshotFacts, id: &VolunteerId) -> Option<&'a Volunteer> {
    let found = facts
        .volunteers
        .binary_search_by(|volunteer| volunteer.id.cmp(id));
    found
        .ok()
        .and_then(|position| facts.volunteers.get(position))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{OrganizationId, RoleFacts, VolunteerFacts};

    fn volunteer(id: &str) -> Volunteer {
        Volunteer::new(VolunteerFacts::unknown(VolunteerId::new(id).unwrap())).unwrap()
    }

    fn role(id: &str) -> Role {
        Role::new(RoleFacts::open(
            RoleId::new(id).unwrap(),
            OrganizationId::new("o").unwrap(),
        ))
        .unwrap()
    }

    fn facts() -> SnapshotFacts {
        let as_of = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        SnapshotFacts {
            volunteers: vec![volunteer("b"), volunteer("a")],
            roles: vec![role("r")],
            ..SnapshotFacts::empty(as_of)
        }
    }

    #[test]
    fn the_parts_are_sorted_and_found_by_id() {
        let snapshot = Snapshot::new(facts()).unwrap();
        assert_eq!(snapshot.volunteers[0].id.as_str(), "a");
        assert!(
            snapshot
                .find_volunteer(&VolunteerId::new("b").unwrap())
                .is_some()
        );
        assert!(snapshot.find_role(&RoleId::new("other").unwrap()).is_none());
    }

    #[test]
    fn the_same_id_twice_and_unknown_ids_are_refused() {
        let mut twice = facts();
        twice.volunteers.push(volunteer("a"));
        twice.pins.push(Pin {
            role: RoleId::new("x").unwrap(),
            volunteer: VolunteerId::new("a").unwrap(),
        });
        assert_eq!(
            Snapshot::new(twice).unwrap_err(),
            [
                Rule::Duplicate { value: "a".into() }.at("volunteers"),
                Rule::UnknownReference { id: "x".into() }.at("pins.role"),
            ]
        );
    }

    #[test]
    fn a_pair_is_not_both_pinned_and_forbidden() {
        let (role, volunteer) = (RoleId::new("r").unwrap(), VolunteerId::new("a").unwrap());
        let mut both = facts();
        both.pins.push(Pin {
            role: role.clone(),
            volunteer: volunteer.clone(),
        });
        both.prohibitions.push(Prohibition {
            role,
            volunteer,
            cause: ProhibitionCause::Forbidden,
        });
        assert_eq!(
            Snapshot::new(both).unwrap_err()[0].rule,
            Rule::PinnedAndProhibited
        );
    }
}
