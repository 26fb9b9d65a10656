//! The one source of randomness: the operating system in production, a seed in tests.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// A cloneable, thread-safe, cryptographically strong generator.
#[derive(Clone, Debug)]
pub struct Random(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    rng: StdRng,
    /// The millisecond and the count within it of the last UUID.
    last_uuid: (u64, u16),
}

/// The count within a millisecond has 12 bits.
const MAX_COUNT: u16 = 0xFFF;

impl Random {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn from_system() -> Result<Self, rand::rngs::SysError> {
        StdRng::try_from_rng(&mut rand::rngs::SysRng).map(Self::new)
    }

    /// The same sequence for the same seed; for tests and the demo.
    pub fn seeded(seed: u64) -> Self {
        Self::new(StdRng::seed_from_u64(seed))
    }

    fn new(rng: StdRng) -> Self {
        Self(Arc::new(Mutex::new(State {
            rng,
            last_uuid: (0, 0),
        })))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .rng
            .fill_bytes(&mut bytes);
        bytes
    }

    /// A secret of 256 bits as 43 characters of URL-safe base64: refresh tokens, reset links.
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// A UUIDv7: `now` in milliseconds, a count of 12 bits within the millisecond, 62 random bits (RFC 9562, 6.2,
    /// method 1). Those of one process ascend, also when the clock stands still or goes back.
    pub fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.last_uuid = match state.last_uuid {
            (last, _) if last < millis => (millis, 0),
            (last, MAX_COUNT) => (last + 1, 0),
            (last, count) => (last, count + 1),
        };
        let (millis, count) = state.last_uuid;
        let [high, low] = count.to_be_bytes();
        let mut bytes = [high, low, 0, 0, 0, 0, 0, 0, 0, 0];
        state.rng.fill_bytes(&mut bytes[2..]);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_ascend_while_the_clock_stands_still_and_when_it_goes_back() {
        let random = Random::seeded(1);
        let now = DateTime::from_timestamp_millis(1_800_000_000_000).unwrap();
        let earlier = now - chrono::TimeDelta::seconds(1);
        let mut last = random.uuid(now);
        for index in 0..10_000 {
            let next = random.uuid(if index % 2 == 0 { now } else { earlier });
            assert!(last < next, "{last} and {next}");
            assert_eq!(next.get_version_num(), 7);
            last = next;
        }
    }
}
