//! The current suggestions: what a round over everybody would propose if it were run now.
//!
//! Every node keeps them in memory and follows the database by its [`revision`](crate::store::revision), so an edit on any
//! node shows on all of them within a second. What a node read before is compared with what it reads now, and only who differs
//! is scored again; but they are chosen anew at each change, by the same engine and in the same order as a round, never mended:
//! what a node shows depends on what is stored, not on what the node has seen before, so that all nodes show the same. Only the
//! difference is told to those who follow.

pub mod changes;
pub mod follow;
pub mod list;
pub mod progress;

use std::sync::{Arc, Weak};

use chrono::{DateTime, Utc};
use entity::id::{RoleId, VolunteerId};
use matcher::engine::{Fit, WarmGraph};
use tokio::sync::{Mutex, OnceCell, watch};

use self::changes::Changes;
use self::progress::{Notes, Progress};

/// What a node keeps: the suggestions themselves, as many as open roles want, and what they were chosen from.
#[derive(Debug, Default)]
pub struct CurrentSuggestions {
    /// One look at the database at a time. With it goes every pair that was eligible at the last one, scored; nothing before
    /// the first one, or when the last one failed.
    following: Mutex<Option<WarmGraph<'static>>>,
    shown: watch::Sender<Option<Arc<Shown>>>,
    notes: Notes,
}

/// The suggestions of one moment.
#[derive(Debug)]
pub struct Shown {
    /// The revision of the matcher's inputs that they were chosen at.
    pub revision: i64,
    /// When the inputs were read.
    pub as_of: DateTime<Utc>,
    /// Best first, ties by role and volunteer.
    pub suggestions: Vec<Arc<Held>>,
    /// The state that was shown before, as long as somebody still holds it.
    before: Weak<Self>,
    /// What changed since that, once somebody has asked.
    changes: OnceCell<Arc<Changes>>,
}

/// A suggestion, not yet in words.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    /// The role.
    pub role_id: RoleId,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// Score and reasons.
    pub fit: Fit,
}

impl CurrentSuggestions {
    /// What is shown now; nothing before the first look at the database.
    pub fn shown(&self) -> Option<Arc<Shown>> {
        self.shown.borrow().clone()
    }

    /// How well this node keeps up with the database.
    pub fn progress(&self) -> Progress {
        self.notes.read()
    }

    /// Tells of each change from now on.
    fn changes(&self) -> watch::Receiver<Option<Arc<Shown>>> {
        self.shown.subscribe()
    }
}
