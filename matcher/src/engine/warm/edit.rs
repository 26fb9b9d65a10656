//! What changes, one at a time.

use crate::engine::assign::ProblemError;
use crate::model::{ProhibitionCause, Role, RoleId, Volunteer, VolunteerId};

/// One change of what a round reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// The facts of a role that is there, or that comes. Whom it prohibits stays.
    Role(Box<Role>),
    /// The facts of a volunteer who is there, or who comes.
    Volunteer(Box<Volunteer>),
    /// Everybody who must not be proposed for a role, in any order. Who is given twice counts once.
    Prohibitions(RoleId, Vec<(VolunteerId, ProhibitionCause)>),
    /// A role goes.
    RoleLeft(RoleId),
    /// A volunteer goes, and every prohibition with them.
    VolunteerLeft(VolunteerId),
}

/// Why an edit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such role. Nothing was changed.
    #[error("there is no role {0}")]
    UnknownRole(RoleId),
    /// There is no such volunteer. Nothing was changed.
    #[error("there is no volunteer {0}")]
    UnknownVolunteer(VolunteerId),
    /// The assignment cannot number what came.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}
