//! What runs again and again: each job stores the next one before it works, so that a fault of today leaves tomorrow alone.
//! A time is one job however many servers there are, since its key names it; times that passed while no server ran are left
//! out.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, JobState};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::follow_up::FollowUp;
use super::run_retention::RunRetention;
use super::{Job, enqueue};
use crate::app::App;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// A job that runs at regular times.
pub trait Scheduled: Job {
    /// From one time to the next.
    const EVERY: TimeDelta;
    /// From midnight (UTC) to the first time of a day; less than [`Self::EVERY`].
    const OFFSET: TimeDelta;

    /// The job for a time; its key must name the time.
    fn at(time: DateTime<Utc>) -> Self;
}

/// Sees that every schedule has its next job. Called when a worker starts; does nothing where a job waits or runs.
///
/// # Errors
/// When the database cannot be reached.
pub async fn start(app: &Arc<App>) -> Result<(), DomainError> {
    start_one::<RunRetention>(app).await?;
    start_one::<FollowUp>(app).await
}

async fn start_one<J: Scheduled>(app: &Arc<App>) -> Result<(), DomainError> {
    let waiting = job::Entity::find()
        .filter(job::COLUMN.kind.eq(J::KIND))
        .filter(
            job::COLUMN
                .state
                .is_in([JobState::Ready, JobState::Running]),
        )
        .count(&app.store.connection)
        .await?;
    if waiting == 0 {
        store_next::<J>(app).await?;
    }
    Ok(())
}

/// Stores the job for the next time from now on, unless it is stored already.
///
/// # Errors
/// When the database cannot be reached.
pub async fn store_next<J: Scheduled>(app: &Arc<App>) -> Result<(), DomainError> {
    let time = next_time(app.clock.now(), J::EVERY, J::OFFSET);
    retrying(|| async {
        let transaction = begin_write(&app.store).await?;
        enqueue(app, &*transaction, &J::at(time), time).await?;
        transaction.commit().await?;
        Ok(())
    })
    .await
}

/// The first time after `now` that lies whole steps of `every` after midnight and `offset`.
fn next_time(now: DateTime<Utc>, every: TimeDelta, offset: TimeDelta) -> DateTime<Utc> {
    let first = DateTime::UNIX_EPOCH + offset;
    let step = every.num_seconds().max(1);
    let passed = (now - first).num_seconds().div_euclid(step);
    first + TimeDelta::seconds((passed + 1) * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_is_later_than_now_and_on_the_step() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (day, eight) = (TimeDelta::days(1), TimeDelta::hours(8));
        for (now, next) in [
            ("2026-11-21T07:59:59.999999Z", "2026-11-21T08:00:00Z"),
            ("2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z"),
            ("2026-12-31T23:00:00Z", "2027-01-01T08:00:00Z"),
        ] {
            assert_eq!(next_time(at(now), day, eight), at(next), "{now}");
        }
        let quarter = TimeDelta::minutes(15);
        let next = next_time(at("2026-11-21T08:16:00Z"), quarter, TimeDelta::zero());
        assert_eq!(next, at("2026-11-21T08:30:00Z"));
    }
}
