//! A mailbox in memory, for tests: keeps what was sent, and can be told to fail or to keep its senders waiting.

use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::failure::SendError;
use crate::mail::address::Envelope;

/// A mailbox; clones are the same mailbox.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Inner>);

#[derive(Default)]
struct Inner {
    contents: Mutex<Contents>,
    traffic: watch::Sender<Traffic>,
}

#[derive(Default)]
struct Contents {
    deliveries: Vec<Delivery>,
    failures: VecDeque<SendError>,
}

/// What can be waited for.
#[derive(Default)]
struct Traffic {
    /// The domains whose senders are kept waiting.
    held: BTreeSet<String>,
    /// How many are.
    waiting: usize,
    /// How many messages were ever sent.
    delivered: usize,
}

/// A message that was sent. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Whom SMTP would have been told.
    pub envelope: Envelope,
    /// The message.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Delivery(…)")
    }
}

impl Mailbox {
    /// An empty mailbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was sent so far, in order.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.contents().deliveries.clone()
    }

    /// What was sent so far, in order; the mailbox is empty afterwards.
    pub fn take(&self) -> Vec<Delivery> {
        std::mem::take(&mut self.contents().deliveries)
    }

    /// Makes the next attempt that is not yet to fail, fail in this way.
    pub fn fail_next(&self, error: SendError) {
        self.contents().failures.push_back(error);
    }

    /// Keeps whoever sends to a domain waiting from now on, as a mail server does that hangs.
    pub fn hold(&self, domain: &str) {
        let domain = domain.to_owned();
        self.0.traffic.send_modify(|traffic| {
            traffic.held.insert(domain);
        });
    }

    /// Lets those go that [`hold`](Self::hold) keeps waiting.
    pub fn let_go(&self) {
        self.0.traffic.send_modify(|traffic| traffic.held.clear());
    }

    /// How many are kept waiting.
    pub fn waiting(&self) -> usize {
        self.0.traffic.borrow().waiting
    }

    /// Returns when `count` are kept waiting, or more.
    pub async fn until_waiting(&self, count: usize) {
        self.until(|traffic| traffic.waiting >= count).await;
    }

    /// Returns when `count` messages were sent in all, or more.
    pub async fn until_delivered(&self, count: usize) {
        self.until(|traffic| traffic.delivered >= count).await;
    }

    pub(super) async fn send(&self, envelope: &Envelope, message: &[u8]) -> Result<(), SendError> {
        let domain = envelope.recipient.domain();
        let is_held = self.0.traffic.borrow().held.contains(domain);
        if is_held {
            let _waiting = Waiting::begin(&self.0.traffic);
            self.until(|traffic| !traffic.held.contains(domain)).await;
        }
        {
            let mut contents = self.contents();
            if let Some(error) = contents.failures.pop_front() {
                return Err(error);
            }
            contents.deliveries.push(Delivery {
                envelope: envelope.clone(),
                bytes: message.to_vec(),
            });
        }
        self.0.traffic.send_modify(|traffic| traffic.delivered += 1);
        Ok(())
    }

    async fn until(&self, is_met: impl FnMut(&Traffic) -> bool) {
        let mut traffic = self.0.traffic.subscribe();
        // It fails when the sender is gone, and `self` holds that.
        let _ = traffic.wait_for(is_met).await;
    }

    /// The contents are whole even if a test panicked while holding them: every change is one push or pop.
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0
            .contents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailbox({} messages)", self.contents().deliveries.len())
    }
}

/// Counts one who is kept waiting, until that ends or is broken off.
struct Waiting<'a>(&'a watch::Sender<Traffic>);

impl<'a> Waiting<'a> {
    fn begin(traffic: &'a watch::Sender<Traffic>) -> Self {
        traffic.send_modify(|traffic| traffic.waiting += 1);
        Self(traffic)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|traffic| traffic.waiting -= 1);
    }
}
