//! Work after a transaction, written in that same transaction; claimed under a lease by one worker at a time.
//!
//! A job is a small struct. It is enqueued on the caller's transaction, so it exists exactly when its cause does, and
//! it may run twice (a worker can die after acting, before reporting), so every job is written to be repeated.

pub mod claim;
pub mod erase_account;
pub mod expire_offer;
pub mod expire_vettings;
pub mod figures;
pub mod follow_up;
pub mod lane;
mod leases;
pub mod mail_email_change;
pub mod mail_registration;
pub mod mail_reset_link;
pub mod pause;
mod registry;
pub mod remind_offer;
pub mod revive;
pub mod run_retention;
pub mod schedule;
pub mod send_mail;
pub mod send_offer;
pub mod worker;

use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::JobId;
use entity::job::{self, JobState};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, Set, sea_query::OnConflict};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::DomainError;
use crate::store::transaction::WriteTransaction;

/// A piece of work that can be stored and run later.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name under which it is stored; never changed once released.
    const KIND: &'static str;
    /// How often it is tried in all before someone must look.
    const MAX_ATTEMPTS: i32 = 10;
    /// 0 goes first, 9 last.
    const PRIORITY: i16 = 5;

    /// Does the work; must be safe to repeat.
    fn run(&self, app: &Arc<App>) -> impl Future<Output = Result<(), JobError>> + Send;

    /// Runs once when the job is given up, whatever the reason: stores what that means for what it was about.
    fn give_up(
        &self,
        _app: &Arc<App>,
        _error: &JobError,
    ) -> impl Future<Output = Result<(), DomainError>> + Send {
        async { Ok(()) }
    }

    /// Makes ready what it is about, on the transaction in which it is taken up again after it was given up.
    ///
    /// # Errors
    /// Violations when there is nothing left to work on.
    fn revive(
        &self,
        _transaction: &WriteTransaction,
    ) -> impl Future<Output = Result<(), DomainError>> + Send {
        async { Ok(()) }
    }

    /// Which of the jobs that are due goes first; [`Self::PRIORITY`] unless that depends on what it is about.
    fn priority(&self) -> i16 {
        Self::PRIORITY
    }

    /// Of the jobs waiting with the same key, only the first is kept.
    fn unique_key(&self) -> Option<String> {
        None
    }

    /// What it shares with others that may be slow, such as a mail server: only a few jobs of a lane run at once.
    fn lane(&self) -> Option<String> {
        None
    }
}

/// Why a job did not succeed, and what that means for it.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Try again later.
    #[error("will be retried: {0:#}")]
    Retry(#[source] anyhow::Error),
    /// Trying again is of no use.
    #[error("given up: {0:#}")]
    Fail(#[source] anyhow::Error),
    /// Its time has not come, for reasons that are not its own: it waits until then, and this counts as no try.
    #[error("waits until {0}")]
    Wait(DateTime<Utc>),
}

impl From<DbErr> for JobError {
    fn from(error: DbErr) -> Self {
        Self::Retry(error.into())
    }
}

impl From<DomainError> for JobError {
    fn from(error: DomainError) -> Self {
        match error {
            DomainError::Internal(cause) => Self::Retry(cause),
            DomainError::Retry(cause) | DomainError::Unavailable(cause) => {
                Self::Retry(cause.into())
            }
            busy @ DomainError::Busy { .. } => Self::Retry(busy.into()),
            other => Self::Fail(other.into()),
        }
    }
}

/// Stores `job` to be run at `run_at`, on the caller's transaction.
pub async fn enqueue<J: Job>(
    app: &App,
    transaction: &impl ConnectionTrait,
    job: &J,
    run_at: DateTime<Utc>,
) -> Result<(), DomainError> {
    let payload = serde_json::to_value(job).map_err(|error| DomainError::Internal(error.into()))?;
    let row = job::ActiveModel {
        id: Set(JobId::new(app.new_id())),
        kind: Set(J::KIND.to_owned()),
        payload: Set(payload),
        state: Set(JobState::Ready),
        priority: Set(job.priority()),
        run_at: Set(run_at),
        attempts: Set(0),
        max_attempts: Set(J::MAX_ATTEMPTS),
        lease_token: Set(None),
        leased_until: Set(None),
        last_error: Set(None),
        unique_key: Set(job.unique_key()),
        lane: Set(job.lane()),
        created_at: Set(app.clock.now()),
        finished_at: Set(None),
    };
    // A waiting job with the same key stands for this one too.
    job::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    app.store.job_signal.job_written();
    Ok(())
}

/// The wait before try number `attempts + 1`: 1 m, 5 m, 15 m, 1 h, 4 h, 12 h, then every 24 h, give or take 20 % so
/// that jobs that failed together do not come back together. `chance` is spread evenly over all its values.
pub fn backoff(attempts: i32, chance: u8) -> TimeDelta {
    let wait = match attempts {
        ..=1 => TimeDelta::minutes(1),
        2 => TimeDelta::minutes(5),
        3 => TimeDelta::minutes(15),
        4 => TimeDelta::hours(1),
        5 => TimeDelta::hours(4),
        6 => TimeDelta::hours(12),
        7.. => TimeDelta::hours(24),
    };
    // 800 to 1,200 thousandths.
    wait * (800 + i32::from(chance) * 400 / 255) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_day_and_vary_by_a_fifth() {
        let minutes = [1, 5, 15, 60, 240, 720, 1440, 1440, 1440];
        for (attempts, minutes) in (1..).zip(minutes) {
            let wait = TimeDelta::minutes(minutes);
            assert_eq!(backoff(attempts, 0), wait * 4 / 5);
            assert_eq!(backoff(attempts, 255), wait * 6 / 5);
            for chance in 0..=u8::MAX {
                let drawn = backoff(attempts, chance);
                assert!(wait * 4 / 5 <= drawn && drawn <= wait * 6 / 5);
            }
        }
    }
}
