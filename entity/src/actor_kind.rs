//! In which capacity someone acted on a pairing.

use crate::choice::choice;

choice! {
    /// The capacity in which a pairing was acted on.
    pub enum ActorKind {
        /// A job or the matcher, with nobody behind it.
        System = "system",
        /// The volunteer themselves.
        Volunteer = "volunteer",
        /// A member of the organization.
        Organization = "organization",
        /// A coordinator or an administrator.
        Coordinator = "coordinator",
    }
}
