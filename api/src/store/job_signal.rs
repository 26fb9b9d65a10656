//! Wakes this node's worker when jobs were committed. A signal at the time of the insert would come too early: the
//! worker would look, see nothing yet, and sleep. It is a hint only; the worker also looks at regular intervals.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Counts the jobs written on this node and tells when a transaction that may have written some was committed.
#[derive(Clone, Debug, Default)]
pub struct JobSignal(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    written: AtomicU64,
    committed: Notify,
}

impl JobSignal {
    /// Notes that a job was written on a transaction that is still open.
    pub fn job_written(&self) {
        self.0.written.fetch_add(1, Ordering::SeqCst);
    }

    /// How many jobs were written so far.
    pub(super) fn written(&self) -> u64 {
        self.0.written.load(Ordering::SeqCst)
    }

    /// Wakes the worker, after a commit, when jobs were written since `begin`. A job of another transaction may be
    /// counted too: then the worker looks once in vain.
    pub(super) fn committed_since(&self, begin: u64) {
        if self.written() != begin {
            self.0.committed.notify_one();
        }
    }

    /// Returns when jobs were committed since the last call.
    pub async fn committed(&self) {
        self.0.committed.notified().await;
    }
}
