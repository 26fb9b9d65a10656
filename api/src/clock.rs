//! The one place that reads the system clock. Everything else takes a [`Clock`], so that tests can move time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Tells the time in UTC, truncated to microseconds (what both databases can store).
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `now` until it is [advanced](Self::advance).
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(
            now.timestamp_micros(),
        ))))
    }

    /// Now, truncated to microseconds.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock the others are told to use"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::System => Utc::now().trunc_subsecs(6),
            Source::Fixed(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Moves a fixed clock by `delta`, for every clone of it. The system's clock is not moved.
    pub fn advance(&self, delta: TimeDelta) {
        if let Source::Fixed(micros) = &self.0 {
            micros.fetch_add(
                delta.num_microseconds().unwrap_or_default(),
                Ordering::SeqCst,
            );
        }
    }
}
