//! Asking a placed volunteer how it goes.

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::check_in;
use entity::personal::Personal;

use crate::graphql::id::encode;

/// A question to a placed volunteer, and the answer. For the volunteer and for coordinators.
pub struct CheckIn(pub check_in::Model);

/// A question to a placed volunteer, and the answer. For the volunteer and for coordinators.
#[Object]
impl CheckIn {
    /// The check-in's id.
    async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// When the volunteer was asked.
    async fn asked_at(&self) -> DateTime<Utc> {
        self.0.asked_at
    }

    /// Without an answer until then, it counts as missed; it can still be answered.
    async fn due_at(&self) -> DateTime<Utc> {
        self.0.due_at
    }

    /// When the volunteer last answered.
    async fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.0.answered_at
    }

    /// How it goes.
    async fn answer(&self) -> Option<CheckInAnswer> {
        self.0.answer.map(Into::into)
    }

    /// More, as the volunteer wrote it.
    async fn note(&self) -> Option<String> {
        self.0.note.clone().map(Personal::into_exposed)
    }
}

/// How a placement goes, as the volunteer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "check_in::CheckInAnswer")]
pub enum CheckInAnswer {
    /// As meant.
    GoingWell,
    /// A coordinator should get in touch.
    NeedsHelp,
    /// The volunteer cannot go on.
    Leaving,
}
