//! Meetings of two roles that one volunteer can hardly attend, or not at all.

use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, Utc};
use matcher::mail::Meeting;

use super::role::Role;
use crate::domain::placements::conflicts::Conflict;

/// A placement of the volunteer that meets at, or close to, the times of the pairing's role.
pub struct MeetingConflict(pub Conflict);

/// A placement of the volunteer that meets at, or close to, the times of the pairing's role.
#[Object]
impl MeetingConflict {
    /// Whether nobody can give both roles the time they ask: then the pairing cannot be approved or accepted. A near miss
    /// otherwise: the meetings overlap, or leave little time between them.
    async fn is_clash(&self) -> bool {
        self.0.is_clash
    }

    /// The first meeting of the pairing's role that is concerned.
    async fn meeting(&self) -> MeetingTime {
        self.0.meeting.into()
    }

    /// The role of the placement.
    async fn other_role(&self) -> Role {
        Role(self.0.role.clone())
    }

    /// The placement's meeting at, or close to, the same time.
    async fn other_meeting(&self) -> MeetingTime {
        self.0.other.into()
    }
}

/// When a meeting is.
#[derive(SimpleObject)]
pub struct MeetingTime {
    /// When it starts.
    starts_at: DateTime<Utc>,
    /// When it ends.
    ends_at: DateTime<Utc>,
}

impl From<Meeting> for MeetingTime {
    fn from(meeting: Meeting) -> Self {
        Self {
            starts_at: meeting.starts_at,
            ends_at: meeting.ends_at,
        }
    }
}
