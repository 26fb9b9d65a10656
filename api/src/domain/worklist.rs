//! What waits for coordinators, in one list, the most overdue first: each thing with how long it may wait, who sees to it, and,
//! where nothing else takes it off the list, whether it is seen to.

pub(super) mod business_days;
pub mod changes;
pub mod list;
pub mod note;
mod placements;
mod waiting;

use chrono::{DateTime, TimeDelta, Utc};
use entity::worklist_note::WorklistKind;
use uuid::Uuid;

use crate::app::App;

/// A thing on the list: what it is, and the row it is about.
pub type Subject = (WorklistKind, Uuid);

/// How long things of a kind may wait; what is counted in business days has no length.
fn limit(app: &App, kind: WorklistKind) -> Option<TimeDelta> {
    let limits = &app.config.worklist;
    match kind {
        WorklistKind::Vetting => Some(limits.vetting),
        WorklistKind::Review => Some(limits.review),
        WorklistKind::Application => Some(limits.application),
        WorklistKind::Suggestion => Some(limits.suggestion),
        WorklistKind::Offer => None,
        WorklistKind::Seat => Some(limits.seat),
        WorklistKind::Placement => Some(limits.placement),
        WorklistKind::Mail => Some(limits.mail),
    }
}

/// The moment until which a thing that waits since `since` may wait.
fn due_at(app: &App, kind: WorklistKind, since: DateTime<Utc>) -> DateTime<Utc> {
    let days = app.config.follow_up.answer_business_days;
    limit(app, kind).map_or_else(|| business_days::after(since, days), |limit| since + limit)
}

/// The latest moment since which a thing may wait to be overdue at `now`.
fn overdue_since(app: &App, kind: WorklistKind, now: DateTime<Utc>) -> DateTime<Utc> {
    let days = app.config.follow_up.answer_business_days;
    limit(app, kind).map_or_else(|| business_days::before(now, days), |limit| now - limit)
}
