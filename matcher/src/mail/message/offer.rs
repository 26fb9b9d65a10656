//! The two mails that put an approved pairing to its sides. Neither has contact data.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::RoleSummary;
use crate::mail::{language::Text, schedule::Commitment};

/// Asks a volunteer to take a role.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferToVolunteer {
    /// Whether the offer was put to the reader before.
    pub is_reminder: bool,
    /// What.
    pub role: RoleSummary,
    /// What the role is about, in a sentence or two.
    pub summary: Option<Text>,
    /// When and where.
    pub commitment: Commitment,
    /// Why this person, one sentence each.
    pub reasons: Vec<Text>,
    /// Until when an answer counts.
    pub deadline_at: DateTime<Utc>,
    /// The signed page on which to answer.
    pub answer_link: String,
    /// The signed page on which to pause.
    pub pause_link: String,
}

/// Asks an organization to take a volunteer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferToOrganization {
    /// Whether the offer was put to the reader before.
    pub is_reminder: bool,
    /// For what.
    pub role: RoleSummary,
    /// Who, by first name only.
    pub volunteer_first_name: String,
    /// Why this person, one sentence each.
    pub reasons: Vec<Text>,
    /// Until when an answer counts.
    pub deadline_at: DateTime<Utc>,
    /// The signed page on which to answer.
    pub answer_link: String,
}
