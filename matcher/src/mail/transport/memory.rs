//! A mailbox in memory, for tests: keeps what was sent and can be told to fail.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::failure::SendError;
use crate::mail::address::Envelope;

/// A mailbox; clones are the same mailbox.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<Contents>>);

#[derive(Default)]
struct Contents {
    deliveries: Vec<Delivery>,
    failures: VecDeque<SendError>,
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

    pub(super) fn send(&self, envelope: &Envelope, message: &[u8]) -> Result<(), SendError> {
        let mut contents = self.contents();
        if let Some(error) = contents.failures.pop_front() {
            return Err(error);
        }
        contents.deliveries.push(Delivery {
            envelope: envelope.clone(),
            bytes: message.to_vec(),
        });
        Ok(())
    }

    /// The contents are whole even if a test panicked while holding them: every change is one push or pop.
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailbox({} messages)", self.contents().deliveries.len())
    }
}
