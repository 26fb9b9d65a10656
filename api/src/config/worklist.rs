//! How long things may wait for a coordinator.

use chrono::TimeDelta;

use super::parse::Reader;

/// How long things may wait for a coordinator before they are overdue.
#[derive(Clone, Copy, Debug)]
pub struct WorklistConfig {
    /// An organization for its vetting.
    pub vetting: TimeDelta,
    /// A project for its review.
    pub review: TimeDelta,
    /// An application for a decision.
    pub application: TimeDelta,
    /// A suggestion for a decision.
    pub suggestion: TimeDelta,
    /// A seat for which somebody was lost.
    pub seat: TimeDelta,
    /// A placement that is silent, or whose volunteer needs help.
    pub placement: TimeDelta,
    /// A mail that was given up or came back.
    pub mail: TimeDelta,
}

impl WorklistConfig {
    pub(super) fn read(read: &mut Reader) -> Self {
        let mut days = |key| TimeDelta::days(read.in_range(key, 1, 60));
        Self {
            vetting: days("WORKLIST_VETTING_DAYS"),
            review: days("WORKLIST_REVIEW_DAYS"),
            application: days("WORKLIST_APPLICATION_DAYS"),
            suggestion: days("WORKLIST_SUGGESTION_DAYS"),
            seat: days("WORKLIST_SEAT_DAYS"),
            placement: days("WORKLIST_PLACEMENT_DAYS"),
            mail: days("WORKLIST_MAIL_DAYS"),
        }
    }
}
