//! Everything that waits for somebody, in one mail.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{RoleSummary, Side, Topic};
use crate::mail::language::Text;

/// Tells somebody of everything that has gone quiet on their side.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// One at least.
    pub items: Vec<FollowUpItem>,
}

impl FollowUp {
    /// A summary that can be declined when nothing in it concerns anybody else.
    pub(super) fn topic(&self) -> Topic {
        if self.items.iter().all(FollowUpItem::is_optional) {
            Topic::Digest
        } else {
            Topic::Account
        }
    }
}

/// One thing that waits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FollowUpItem {
    /// An organization was begun, or asked for more, and not submitted.
    OrganizationDraft {
        /// Its name.
        organization: Text,
        /// When somebody last wrote on it.
        since: DateTime<Utc>,
        /// Where to go on.
        link: String,
    },
    /// A project was begun, or returned, and not submitted.
    ProjectDraft {
        /// Its title.
        project: Text,
        /// When somebody last wrote on it.
        since: DateTime<Utc>,
        /// Where to go on.
        link: String,
    },
    /// Nothing has happened at a listing for long.
    ListingCheck {
        /// Its title.
        project: Text,
        /// When something last happened.
        since: DateTime<Utc>,
        /// When it is hidden without an answer.
        hidden_at: DateTime<Utc>,
        /// Where to answer.
        link: String,
    },
    /// A listing was hidden, since nobody answered.
    ListingHidden {
        /// Its title.
        project: Text,
        /// Where to open it again.
        link: String,
    },
    /// An organization's vetting ends.
    VettingEnds {
        /// Its name.
        organization: Text,
        /// When.
        ends_at: DateTime<Utc>,
        /// The organization's page.
        link: String,
    },
    /// A placement ends.
    CommitmentEnds {
        /// Which side reads this.
        reader: Side,
        /// The role.
        role: RoleSummary,
        /// The volunteer, as the organization knows them.
        volunteer_first_name: String,
        /// The last day.
        ends_on: NaiveDate,
        /// The project's page.
        link: String,
    },
    /// How does a placement go?
    CheckIn {
        /// The role.
        role: RoleSummary,
        /// When an answer is due.
        due_at: DateTime<Utc>,
        /// Where to answer.
        link: String,
    },
    /// Offers expired without an answer, and there will be none for now.
    StillThere {
        /// Where to say that there should be.
        link: String,
    },
}

impl FollowUpItem {
    /// Whether somebody may want not to hear of it: nothing happens to anybody because of it.
    pub const fn is_optional(&self) -> bool {
        matches!(
            self,
            Self::OrganizationDraft { .. } | Self::ProjectDraft { .. }
        )
    }
}
