//! How a round spreads what it has to give: suggestions among people, waits, organizations of different size, the two
//! official languages. It is a report: nothing in it changes a score or a choice.
//!
//! All shares are integers in basis points. No protected attribute is read, since the engine's model has none; the
//! languages are those that people work in and that roles ask for.

mod coverage;
mod parity;
mod spread;
mod wait;
mod words;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::round::Pairing;
use crate::model::{Role, RoleId, Snapshot, Standing, Volunteer, VolunteerId};

pub use coverage::{Coverage, OrganizationSize};
pub use parity::{LanguageGroup, Parity};
pub use spread::Spread;
pub use wait::{Wait, Waits};

/// How evenly a round gives, over available volunteers and open roles. Available is who may be proposed and has room for
/// a placement; open is a role that wants suggestions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fairness {
    /// Suggestions of this round, by volunteer.
    pub volunteers: Spread,
    /// Suggestions of this round and recent ones, by volunteer: whether one round evens out what earlier ones did.
    pub volunteers_over_time: Spread,
    /// Suggestions of this round, by role.
    pub roles: Spread,
    /// Days waited.
    pub waits: Waits,
    /// Organizations by the number of their open roles, the smallest first; sizes that nobody has are left out.
    pub organizations: Vec<Coverage>,
    /// Volunteers by the official languages they work in; groups without members are left out.
    pub volunteer_languages: Vec<Parity>,
    /// Roles by the official languages they require; groups without members are left out.
    pub role_languages: Vec<Parity>,
}

/// What the pairs of a round give to one volunteer or role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) suggestions: u32,
    /// Sum of the scores in basis points.
    pub(crate) score: u64,
}

impl Given {
    fn add(&mut self, pairing: &Pairing) {
        self.suggestions += 1;
        self.score += u64::from(pairing.fit.score.get());
    }
}

/// Reports on the pairs chosen in a snapshot. It costs one sort of the people and one walk over the pairs.
pub fn fairness(snapshot: &Snapshot, pairings: &[Pairing]) -> Fairness {
    let mut to_volunteer: HashMap<&VolunteerId, Given> = HashMap::new();
    let mut to_role: HashMap<&RoleId, Given> = HashMap::new();
    for pairing in pairings {
        to_volunteer
            .entry(&pairing.volunteer)
            .or_default()
            .add(pairing);
        to_role.entry(&pairing.role).or_default().add(pairing);
    }
    let volunteers: Vec<(&Volunteer, Given)> = snapshot
        .volunteers
        .iter()
        .filter(|volunteer| is_available(volunteer))
        .map(|volunteer| {
            let given = to_volunteer.get(&volunteer.id).copied();
            (volunteer, given.unwrap_or_default())
        })
        .collect();
    let roles: Vec<(&Role, Given)> = snapshot
        .roles
        .iter()
        .filter(|role| role.suggestions_wanted() > 0)
        .map(|role| {
            let given = to_role.get(&role.id).copied();
            (role, given.unwrap_or_default())
        })
        .collect();
    Fairness {
        volunteers: Spread::of(volunteers.iter().map(|(_, given)| given.suggestions)),
        volunteers_over_time: Spread::of(volunteers.iter().map(|(volunteer, given)| {
            u32::from(volunteer.recent_suggestions).saturating_add(given.suggestions)
        })),
        roles: Spread::of(roles.iter().map(|(_, given)| given.suggestions)),
        waits: wait::waits(&volunteers),
        organizations: coverage::by_size(&roles),
        volunteer_languages: parity::of_volunteers(&volunteers),
        role_languages: parity::of_roles(&roles),
    }
}

fn is_available(volunteer: &Volunteer) -> bool {
    volunteer.standing == Standing::Active && volunteer.open_placements() > 0
}
