//! Mails that follow an answer, or its absence.

use serde::{Deserialize, Serialize};

use super::{RoleSummary, Side};
use crate::mail::{
    address::Address,
    language::Text,
    schedule::{Commitment, Meeting, MeetingPlan},
};

/// How to reach the other side; told only after both accepted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The full name.
    pub name: String,
    /// The mail address.
    pub email: Address,
}

/// Tells one side that both accepted, with the other's contact data and the meetings as a calendar.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Who reads this.
    pub reader: Side,
    /// For what.
    pub role: RoleSummary,
    /// When and where.
    pub commitment: Commitment,
    /// The other side's contact data.
    pub contact: Contact,
    /// The first meetings, if the role has windows.
    pub first_meetings: Vec<Meeting>,
    /// The meetings as calendars hold them.
    pub meetings: MeetingPlan,
    /// The placement's page.
    pub link: String,
}

/// Tells one side that the other declined.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Who reads this; the other side declined.
    pub reader: Side,
    /// For what.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// Why, if the other side said so.
    pub reason: Option<Text>,
    /// Where the reader sees what comes next.
    pub link: String,
}

/// Tells one side that the deadline passed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    /// Who reads this.
    pub reader: Side,
    /// Whether it was the reader who had not answered.
    pub is_reader_silent: bool,
    /// For what.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// Where the reader sees what comes next.
    pub link: String,
}

/// Tells one side that a coordinator took an offer back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    /// Who reads this.
    pub reader: Side,
    /// For what.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// Why, in neutral words.
    pub reason: Option<Text>,
    /// Where the reader sees what comes next.
    pub link: String,
}

/// Tells a volunteer that the last seat was taken while they answered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledWhileYouAnswered {
    /// For what.
    pub role: RoleSummary,
    /// Where the volunteer sees how it ended.
    pub link: String,
}

/// Tells one side, or the coordinators, that an application arrived.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationReceived {
    /// Who reads this.
    pub reader: ApplicationReader,
    /// For what.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// Why they fit, one sentence each.
    pub reasons: Vec<Text>,
    /// The organization's page to decline, the volunteer's page to follow or withdraw, or the coordinators' worklist;
    /// `None` for them where there is no such page.
    pub link: Option<String>,
}

/// Who reads of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationReader {
    /// The volunteer who applied.
    Volunteer,
    /// Those who answer for the organization.
    Organization,
    /// Those who review it.
    Coordinator,
}

/// Tells a volunteer that an application ended, and truly why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSelected {
    /// For what.
    pub role: RoleSummary,
    /// Why, in a full sentence.
    pub reason: Text,
    /// Where the volunteer sees how it ended.
    pub link: String,
}
