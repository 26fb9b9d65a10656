//! Figures about background work, for whoever watches over the server: what this process made of jobs, counted as it goes,
//! and what waits in the table, looked at every quarter of a minute. Kinds and numbers, nothing of a person.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::job::{self, JobState};
use entity::job_pause;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use tokio_util::sync::CancellationToken;

use super::JobError;
use super::claim::is_final;
use crate::app::App;
use crate::error::DomainError;

/// How often a server looks at the table.
pub const INTERVAL: Duration = Duration::from_secs(15);

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It succeeded.
    Done,
    /// It failed and is tried again.
    Failed,
    /// It failed for good.
    GivenUp,
    /// It was no try: its time had not come.
    Waited,
}

impl Outcome {
    /// The name in a label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
            Self::Waited => "waited",
        }
    }

    /// What came of a try of `job`.
    pub(super) fn of(job: &job::Model, outcome: &Result<(), JobError>) -> Self {
        match outcome {
            Ok(()) => Self::Done,
            Err(JobError::Wait(_)) => Self::Waited,
            Err(error) if is_final(job, error) => Self::GivenUp,
            Err(_) => Self::Failed,
        }
    }
}

/// What is in the table of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many are due and not taken up.
    pub due: i64,
    /// Since when the oldest of them is.
    pub due_since: Option<DateTime<Utc>>,
    /// How many were given up, which somebody has to look at.
    pub dead: i64,
    /// Whether none is taken up since what all of them need does not work.
    pub is_paused: bool,
}

/// The figures of a process.
#[derive(Debug, Default)]
pub struct Figures {
    tries: Mutex<BTreeMap<(String, Outcome), u64>>,
    waiting: Mutex<Option<BTreeMap<String, Waiting>>>,
}

impl Figures {
    /// How often each kind ended in which way, since the process started.
    pub fn tries(&self) -> BTreeMap<(String, Outcome), u64> {
        whole(&self.tries).clone()
    }

    /// What was in the table of each kind when it was last looked at; nothing before.
    pub fn waiting(&self) -> Option<BTreeMap<String, Waiting>> {
        whole(&self.waiting).clone()
    }

    pub(super) fn count(&self, kind: &str, outcome: Outcome) {
        *whole(&self.tries)
            .entry((kind.to_owned(), outcome))
            .or_default() += 1;
    }
}

/// Looks at the table.
///
/// # Errors
/// When the database cannot be reached.
pub async fn look(app: &App) -> Result<(), DomainError> {
    let now = app.clock.now();
    let connection = &app.store.connection;
    let mut kinds: BTreeMap<String, Waiting> = BTreeMap::new();
    let due: Vec<(String, i64, Option<DateTime<Utc>>)> = job::Entity::find()
        .select_only()
        .column(job::Column::Kind)
        .column_as(job::Column::Id.count(), "jobs")
        .column_as(job::Column::RunAt.min(), "since")
        .filter(job::COLUMN.state.eq(JobState::Ready))
        .filter(job::COLUMN.run_at.lte(now))
        .group_by(job::Column::Kind)
        .order_by_asc(job::Column::Kind)
        .into_tuple()
        .all(connection)
        .await?;
    for (kind, due, due_since) in due {
        let waiting = kinds.entry(kind).or_default();
        (waiting.due, waiting.due_since) = (due, due_since);
    }
    let dead: Vec<(String, i64)> = job::Entity::find()
        .select_only()
        .column(job::Column::Kind)
        .column_as(job::Column::Id.count(), "jobs")
        .filter(job::COLUMN.state.eq(JobState::Dead))
        .group_by(job::Column::Kind)
        .order_by_asc(job::Column::Kind)
        .into_tuple()
        .all(connection)
        .await?;
    for (kind, dead) in dead {
        kinds.entry(kind).or_default().dead = dead;
    }
    let paused = job_pause::Entity::find()
        .filter(job_pause::COLUMN.paused_until.is_not_null())
        .all(connection)
        .await?;
    for pause in paused {
        kinds.entry(pause.kind).or_default().is_paused = true;
    }
    *whole(&app.job_figures.waiting) = Some(kinds);
    Ok(())
}

/// Looks after each `interval`, which for a server is [`INTERVAL`], until `stop` is cancelled.
pub async fn follow(app: Arc<App>, interval: Duration, stop: CancellationToken) {
    loop {
        if let Err(error) = look(&app).await {
            tracing::warn!(
                error = error.with_causes(),
                "the job table could not be looked at for the figures"
            );
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(interval) => {}
        }
    }
}

/// Each change is one assignment, so that nothing is half done after a panic.
fn whole<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
