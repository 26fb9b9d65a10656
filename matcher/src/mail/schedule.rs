//! When and where: what a role asks for, as said in offers and confirmations.

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A weekly stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The day of the week, in `zone`.
    pub weekday: Weekday,
    /// Minutes from local midnight at which it starts, 0 to 1439.
    pub start_minute: u16,
    /// Minutes from local midnight at which it ends, at most 1440.
    pub end_minute: u16,
    /// The zone the times are in.
    pub zone: Tz,
}

/// One meeting on a real date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Where the work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", content = "city", rename_all = "snake_case")]
pub enum Place {
    /// From anywhere.
    Remote,
    /// From anywhere, with meetings in a city.
    Hybrid(String),
    /// In a city.
    OnSite(String),
}

/// What a role asks of a volunteer's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Hours a week, 1 to 168.
    pub hours_per_week: u16,
    /// The first day, if it is fixed.
    pub starts_on: Option<NaiveDate>,
    /// The last day, if there is one.
    pub ends_on: Option<NaiveDate>,
    /// The weekly meeting windows.
    pub windows: Vec<Window>,
    /// Where.
    pub place: Place,
}
