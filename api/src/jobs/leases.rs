//! Whether leases tell who fell silent. They hold by the clock that people set, which may be put forward or back: then all of them
//! seem to be over, or to last for ever, until those who hold them have renewed them by the new time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::worker::HEARTBEAT;

/// By less than this a clock that is kept right by the network may go fast or slow between two looks.
const TOLERANCE: TimeDelta = TimeDelta::seconds(5);
/// After the clock was set, whoever lives has renewed their leases by then.
const WAIT: Duration = HEARTBEAT.saturating_add(Duration::from_secs(10));

/// What a worker remembers of the clock from one look to the next.
#[derive(Debug, Default)]
pub(super) struct Leases {
    last: Option<(DateTime<Utc>, Instant)>,
    telling_from: Option<Instant>,
}

impl Leases {
    /// Whether they do at `now`, which is `steady` by the clock that nobody sets.
    pub(super) fn are_telling(&mut self, now: DateTime<Utc>, steady: Instant) -> bool {
        if let Some((now_before, steady_before)) = self.last.replace((now, steady)) {
            let passed = steady.saturating_duration_since(steady_before);
            let passed = TimeDelta::from_std(passed).unwrap_or(TimeDelta::MAX);
            let is_set = (now - now_before - passed).abs() > TOLERANCE;
            if is_set {
                tracing::warn!(%now, "the clock was set; no job is taken from a worker that seems silent for {WAIT:?}");
                self.telling_from = Some(steady + WAIT);
            }
        }
        self.telling_from.is_none_or(|from| from <= steady)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: DateTime<Utc> = DateTime::UNIX_EPOCH;

    /// What is said at seconds of the steady clock and of the one that is set, by turns.
    fn said(looks: &[(u64, i64)]) -> Vec<bool> {
        let begin = Instant::now();
        let mut leases = Leases::default();
        looks
            .iter()
            .map(|(steady, now)| {
                let steady = begin + Duration::from_secs(*steady);
                leases.are_telling(NOON + TimeDelta::seconds(*now), steady)
            })
            .collect()
    }

    #[test]
    fn a_clock_that_runs_evenly_is_trusted() {
        assert_eq!(said(&[(0, 0), (5, 5), (10, 15), (100, 100)]), [true; 4]);
    }

    #[test]
    fn after_a_jump_in_either_direction_leases_tell_nothing_until_they_can_have_been_renewed() {
        for jump in [6, 3_600, -6, -3_600, 400 * 86_400, -400 * 86_400] {
            let looks = [(0, 0), (5, 5 + jump), (29, 29 + jump), (30, 30 + jump)];
            assert_eq!(said(&looks), [true, false, false, true], "{jump}");
        }
    }
}
