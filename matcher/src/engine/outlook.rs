//! What one role or one volunteer can expect outside of any round: how many counterparts are eligible, what keeps the
//! others apart, and for those with nobody the nearest and what would open each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::gate::GateCode;
use super::index::Index;
use super::unmatched::{Nearest, Tally};
use crate::model::{RoleId, Snapshot, VolunteerId, Weights};

/// The counterparts of one role or one volunteer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// Counterparts whose gates are all open.
    pub eligible: usize,
    /// How many counterparts each gate keeps out; one may count at several.
    pub blocked_by: BTreeMap<GateCode, usize>,
    /// The counterparts that the fewest gates keep out, best score first. Only where nobody is eligible.
    pub nearest: Vec<Nearest>,
}

/// The volunteers' side of a role, with at most `most` nearest. `None` when the snapshot lacks the role.
pub fn outlook_of_role(
    snapshot: &Snapshot,
    weights: &Weights,
    role: &RoleId,
    most: usize,
) -> Option<Outlook> {
    let role = snapshot.find_role(role)?;
    let volunteers: Vec<_> = snapshot.volunteers.iter().collect();
    let index = Index::of(snapshot, weights, &[role], &volunteers);
    Some(Outlook::of(&index, most))
}

/// The roles' side of a volunteer, with at most `most` nearest. `None` when the snapshot lacks the volunteer.
pub fn outlook_of_volunteer(
    snapshot: &Snapshot,
    weights: &Weights,
    volunteer: &VolunteerId,
    most: usize,
) -> Option<Outlook> {
    let volunteer = snapshot.find_volunteer(volunteer)?;
    let roles: Vec<_> = snapshot.roles.iter().collect();
    let index = Index::of(snapshot, weights, &roles, &[volunteer]);
    Some(Outlook::of(&index, most))
}

impl Outlook {
    fn of(index: &Index<'_>, most: usize) -> Self {
        let tally = Tally::of(index.pairs(), most);
        Self {
            eligible: tally.open,
            blocked_by: tally.blocked_by.by_code(),
            nearest: if tally.open == 0 {
                tally.nearest
            } else {
                Vec::new()
            },
        }
    }
}
