//! Mails to organizations about the coordinators' reviews.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::mail::language::Text;

/// Tells an organization that it was vetted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationVetted {
    /// The organization's name.
    pub organization: Text,
    /// The last day of the vetting, if it ends.
    pub valid_until: Option<NaiveDate>,
    /// Where to write a project.
    pub link: String,
}

/// Asks an organization for what vetting still needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationNeedsInfo {
    /// The organization's name.
    pub organization: Text,
    /// What the coordinator asks, as written; may have several paragraphs.
    pub questions: String,
    /// Where to answer.
    pub link: String,
}

/// Gives a project back with a coordinator's comments.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectReturned {
    /// The project's title.
    pub project: Text,
    /// What the coordinator wrote; may have several paragraphs.
    pub comments: String,
    /// Where to change the project.
    pub link: String,
}

/// Tells an organization that its project is public.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPublished {
    /// The project's title.
    pub project: Text,
    /// The public page.
    pub link: String,
}
