//! What this node knows to be refused, so that a flood of tries costs the database nothing. A refusal holds until its end
//! whatever other nodes do, since nobody gives a try back: what is remembered here is never wrong, and may be forgotten.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Operation;

/// Strangers choose the keys, and memory must not grow with them: about a megabyte and a half.
const CAPACITY: usize = 10_000;

/// The keys that are refused, and until when, in microseconds since 1970.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<HashMap<(Operation, String), i64>>);

impl Refusals {
    /// Until when a key is refused, if that is known and not over.
    pub(super) fn until(&self, key: &(Operation, String), now: i64) -> Option<i64> {
        let refusals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        refusals.get(key).copied().filter(|until| now < *until)
    }

    /// Remembers a refusal.
    pub(super) fn remember(&self, key: (Operation, String), until: i64, now: i64) {
        let mut refusals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() >= CAPACITY {
            refusals.retain(|_, until| now < *until);
        }
        if refusals.len() >= CAPACITY {
            refusals.clear();
        }
        refusals.insert(key, until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> (Operation, String) {
        (Operation::LogIn, number.to_string())
    }

    #[test]
    fn a_refusal_is_known_until_its_end_and_for_its_key_alone() {
        let refusals = Refusals::default();
        refusals.remember(key(1), 20, 10);
        assert_eq!(refusals.until(&key(1), 19), Some(20));
        assert_eq!(refusals.until(&key(1), 20), None);
        assert_eq!(refusals.until(&key(2), 19), None);
        assert_eq!(
            refusals.until(&(Operation::Register, "1".to_owned()), 19),
            None
        );
    }

    #[test]
    fn memory_does_not_grow_with_the_keys() {
        let refusals = Refusals::default();
        let known = |refusals: &Refusals| refusals.0.lock().unwrap().len();
        for number in 0..CAPACITY {
            refusals.remember(key(number), if number == 0 { 100 } else { 20 }, 10);
        }
        assert_eq!(known(&refusals), CAPACITY);
        // Those that are over make room first.
        refusals.remember(key(CAPACITY), 100, 20);
        assert_eq!(known(&refusals), 2);
        assert_eq!(refusals.until(&key(0), 20), Some(100));
        // If none is, all are forgotten: the database still knows.
        for number in 0..CAPACITY {
            refusals.remember(key(CAPACITY + number), 100, 20);
        }
        assert!(known(&refusals) < CAPACITY);
    }
}
