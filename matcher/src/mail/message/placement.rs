//! Mails about a placement after it was agreed. None has contact data.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{RoleSummary, Side};
use crate::mail::schedule::{MeetingPlan, Window};

/// Tells one side that the days or the meetings of a placement have changed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementChanged {
    /// Who reads this.
    pub reader: Side,
    /// For what.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// The first day, if it is fixed.
    pub starts_on: Option<NaiveDate>,
    /// The last day, if there is one.
    pub ends_on: Option<NaiveDate>,
    /// The weekly meeting windows.
    pub windows: Vec<Window>,
    /// The meetings as calendars hold them.
    pub meetings: MeetingPlan,
    /// The placement's page.
    pub link: String,
}

/// Tells one side that a placement is over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementEnded {
    /// Who reads this.
    pub reader: Side,
    /// Whether it ended as meant.
    pub is_completed: bool,
    /// For what.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// The meetings that are not held any more.
    pub meetings: MeetingPlan,
    /// The placement's page.
    pub link: String,
}

/// Tells an organization that a volunteer who was placed with it has left the marketplace.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolunteerLeft {
    /// Where the volunteer was placed.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// The meetings that are not held any more.
    pub meetings: MeetingPlan,
    /// Where the organization sees what comes next.
    pub link: String,
}
