//! Tells those who follow something on this node that what it is read from was committed: here, or on another node that says so
//! through [`super::hints`]. It is a hint only: who follows also looks at regular intervals.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// What can be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// What waits for coordinators.
    Worklist,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Worklist];

    /// What nodes call it among themselves: small letters, and never changed while nodes of two versions run together.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Worklist => "worklist",
        }
    }

    /// The tables that it is read from.
    pub(super) const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Worklist => &[
                "check_in",
                "mail_message",
                "organization",
                "pairing",
                "placement",
                "project",
                "role",
                "worklist_note",
            ],
        }
    }
}

/// Holds for each topic the moment of the last commit that is known of, at first that of the node's beginning, and whether
/// other nodes have still to be told.
#[derive(Clone, Debug)]
pub struct ChangeSignal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    worklist: Signal,
    committed: Notify,
}

#[derive(Debug)]
struct Signal {
    last: watch::Sender<Instant>,
    is_to_be_told: AtomicBool,
}

impl Default for ChangeSignal {
    fn default() -> Self {
        let signal = || Signal {
            last: watch::Sender::new(Instant::now()),
            is_to_be_told: AtomicBool::new(false),
        };
        Self(Arc::new(Inner {
            worklist: signal(),
            committed: Notify::new(),
        }))
    }
}

impl ChangeSignal {
    /// The moment of the last commit that is known of, now and from now on.
    pub fn commits(&self, topic: Topic) -> watch::Receiver<Instant> {
        self.of(topic).last.subscribe()
    }

    /// Notes, after a commit on this node, that a topic may have changed: whoever looks from now on sees it.
    pub(super) fn committed(&self, topic: Topic) {
        self.heard(topic);
        self.of(topic).is_to_be_told.store(true, Ordering::SeqCst);
        self.0.committed.notify_one();
    }

    /// Notes that a topic may have changed on another node.
    pub(super) fn heard(&self, topic: Topic) {
        self.of(topic).last.send_replace(Instant::now());
    }

    /// Returns when something was committed on this node since the last call; once for any number of commits.
    pub(super) async fn committed_here(&self) {
        self.0.committed.notified().await;
    }

    /// The topics of which something was committed on this node since the last call.
    pub(super) fn to_be_told(&self) -> impl Iterator<Item = Topic> {
        let is_to_be_told = |topic: &Topic| {
            let signal = self.of(*topic);
            signal.is_to_be_told.swap(false, Ordering::SeqCst)
        };
        Topic::ALL.into_iter().filter(is_to_be_told)
    }

    fn of(&self, topic: Topic) -> &Signal {
        match topic {
            Topic::Worklist => &self.0.worklist,
        }
    }
}
