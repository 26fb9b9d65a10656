//! How well a node keeps up with the database, for whoever watches over it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// How well a node keeps up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// When it last compared what it shows with the database; never before the first look.
    pub looked_at: Option<DateTime<Utc>>,
    /// Since when it has known of a change that it does not show, or has tried to show anything at all; nothing while it shows
    /// all it knows of.
    pub behind_since: Option<DateTime<Utc>>,
    /// How long the last choice took, reading included.
    pub last_run: Option<Duration>,
    /// How often everybody was scored again because what was kept could not take in a change.
    pub rebuilds_after_error: u32,
}

/// The progress as it is noted.
#[derive(Debug, Default)]
pub(super) struct Notes(Mutex<Progress>);

impl Notes {
    pub(super) fn read(&self) -> Progress {
        *self.lock()
    }

    /// The first look begins. Until one of them succeeds, the node is behind from the first on.
    pub(super) fn began(&self, now: DateTime<Utc>) {
        self.lock().behind_since.get_or_insert(now);
    }

    /// The database has been looked at, and what is shown is of its state or not.
    pub(super) fn looked(&self, now: DateTime<Utc>, is_current: bool) {
        let mut progress = self.lock();
        progress.looked_at = Some(now);
        progress.behind_since = if is_current {
            None
        } else {
            progress.behind_since.or(Some(now))
        };
    }

    /// What a look at this moment found is shown.
    pub(super) fn caught_up(&self, looked_at: DateTime<Utc>, run: Duration) {
        let mut progress = self.lock();
        progress.looked_at = Some(looked_at);
        progress.behind_since = None;
        progress.last_run = Some(run);
    }

    /// What was kept could not take in a change, and was made anew.
    pub(super) fn rebuilt_after_error(&self) {
        let mut progress = self.lock();
        progress.rebuilds_after_error = progress.rebuilds_after_error.saturating_add(1);
    }

    /// Notes are whole whoever panicked while holding them.
    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
