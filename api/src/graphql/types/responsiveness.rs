//! How an organization answers offers, for its members and for coordinators.

use async_graphql::SimpleObject;
use chrono::TimeDelta;

use crate::domain::organizations::responsiveness;

/// How an organization answered the offers that were put to it in the last 180 days. Those that ended before it had to answer, and those
/// it still has time for, are not counted.
#[derive(Clone, Debug, SimpleObject)]
pub struct Responsiveness {
    /// How many it answered.
    answered_count: usize,
    /// How many of them it answered within the business days that it has.
    answered_in_time_count: usize,
    /// How many it left without an answer for longer than that.
    unanswered_count: usize,
    /// The median time from an offer to its answer in hours, rounded down; null where it answered none.
    median_hours: Option<i64>,
}

impl From<responsiveness::Responsiveness> for Responsiveness {
    fn from(figures: responsiveness::Responsiveness) -> Self {
        Self {
            answered_count: figures.answered,
            answered_in_time_count: figures.in_time,
            unanswered_count: figures.unanswered,
            median_hours: figures.median.as_ref().map(TimeDelta::num_hours),
        }
    }
}
