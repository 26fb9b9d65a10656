//! A log-in, as its owner sees it.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::SessionId;
use entity::personal::Personal;
use entity::session;

use crate::graphql::id::encode;

/// One log-in on one device, while it lasts.
#[derive(SimpleObject)]
pub struct Session {
    /// The session's id, for `revokeSession`.
    id: ID,
    /// When its owner logged in.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_used_at: DateTime<Utc>,
    /// What the program called itself at log-in, at most 200 characters.
    user_agent: Option<String>,
    /// Whether it is the one whose token was shown with this request.
    is_current: bool,
}

impl Session {
    /// A session, seen from the session `current`.
    pub fn new(session: session::Model, current: SessionId) -> Self {
        Self {
            id: encode(&session.id),
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            user_agent: session.user_agent.map(Personal::into_exposed),
            is_current: session.id == current,
        }
    }
}
