//! Looks at other people's personal data: noted while an answer is made, and written before it leaves.

pub mod list;
pub mod record;

use entity::id::{AccountId, OrganizationId, VolunteerId};
use entity::personal_read::FieldGroup;

use crate::actor::Actor;

/// Whose data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Those of an account.
    Account(AccountId),
    /// Those of whoever has this profile.
    Volunteer(VolunteerId),
}

/// One group of a person's fields that an answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    /// Whose fields.
    pub subject: Subject,
    /// Which.
    pub group: FieldGroup,
    /// The organization by whose pairing they are told, if they are.
    pub organization_id: Option<OrganizationId>,
}

impl Look {
    /// At fields that are told for what the actor is, not by a pairing.
    pub const fn at(subject: Subject, group: FieldGroup) -> Self {
        Self {
            subject,
            group,
            organization_id: None,
        }
    }

    /// Whether these are the actor's own.
    pub fn is_own(&self, actor: &Actor) -> bool {
        actor.person().is_some_and(|person| match self.subject {
            Subject::Account(id) => person.account_id == id,
            Subject::Volunteer(id) => person.volunteer_id == Some(id),
        })
    }
}
