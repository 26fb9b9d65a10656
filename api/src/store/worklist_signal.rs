//! Tells those who follow the worklist on this node when something that it is read from was committed here. It is a hint only:
//! other nodes write too, so who follows also looks at regular intervals.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

/// The tables that the worklist is read from.
pub(super) const TABLES: &[&str] = &[
    "check_in",
    "mail_message",
    "organization",
    "pairing",
    "placement",
    "project",
    "role",
    "worklist_note",
];

/// Holds the moment of the last commit to one of these tables, at first that of the node's beginning.
#[derive(Clone, Debug)]
pub struct WorklistSignal(Arc<watch::Sender<Instant>>);

impl Default for WorklistSignal {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Instant::now())))
    }
}

impl WorklistSignal {
    /// Notes, after a commit, that the worklist may have changed: whoever looks from now on sees it.
    pub(super) fn committed(&self) {
        self.0.send_replace(Instant::now());
    }

    /// The moment of the last commit, now and from now on.
    pub fn commits(&self) -> watch::Receiver<Instant> {
        self.0.subscribe()
    }
}
