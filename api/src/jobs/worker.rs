//! The loop that works jobs, inside `serve` or alone as `worker`.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use entity::job;
use futures_util::FutureExt as _;
use tokio::task::{self, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::figures::Outcome;
use super::leases::Leases;
use super::{Job, JobError, claim, schedule};
use crate::app::App;
use crate::error::DomainError;

/// How long the worker sleeps at most before it looks again: another node may have added a job.
const MAX_IDLE: Duration = Duration::from_secs(5);
/// How long it sleeps while what is due cannot be taken, such as a job whose lane is full.
const OVERDUE_IDLE: Duration = Duration::from_millis(500);
/// Between two renewals of a lease.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);
/// After a worker was told to stop, its jobs in hand have this long to end.
pub const GRACE: Duration = Duration::from_secs(25);

/// Works jobs, some at once, until `stop` is cancelled; those in hand are finished first. What takes longer than `grace` then is
/// broken off and given back.
pub async fn run(app: Arc<App>, stop: CancellationToken, grace: Duration) {
    tracing::info!("worker started");
    while !stop.is_cancelled() {
        match schedule::start(&app).await {
            Ok(()) => break,
            Err(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "the schedules cannot be started; trying again"
                );
                rest(&stop).await;
            }
        }
    }
    let mut hands = Hands::default();
    while !stop.is_cancelled() {
        match hands.fill(&app).await {
            Ok(()) => idle(&app, &stop, &mut hands).await,
            Err(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "the job table cannot be reached; trying again"
                );
                rest(&stop).await;
            }
        }
    }
    if tokio::time::timeout(grace, hands.finish()).await.is_err() {
        hands.drop_all(&app).await;
    }
    tracing::info!("worker stopped");
}

/// The jobs that a worker has in hand.
#[derive(Default)]
struct Hands {
    leases: Leases,
    tasks: JoinSet<()>,
    jobs: HashMap<task::Id, job::Model>,
}

impl Hands {
    /// Takes up jobs that are due until there is none, or no hand free.
    async fn fill(&mut self, app: &Arc<App>) -> Result<(), DomainError> {
        while !self.are_full(app) {
            let in_hand: Vec<_> = self.jobs.values().map(|job| job.id).collect();
            let now = app.clock.now();
            let silent = if self.leases.are_telling(now, Instant::now()) {
                claim::Silent::Those { but: &in_hand }
            } else {
                claim::Silent::Nobody
            };
            let Some(job) = claim::claim_from(app, now, silent).await? else {
                return Ok(());
            };
            let (app, held) = (app.clone(), job.clone());
            let task = self.tasks.spawn(async move {
                if let Err(error) = work(&app, &job).await {
                    tracing::error!(
                        job = %job.id,
                        error = error.with_causes(),
                        "what became of a job was not stored; it is taken up again when its lease ends"
                    );
                }
            });
            self.jobs.insert(task.id(), held);
        }
        Ok(())
    }

    fn are_full(&self, app: &App) -> bool {
        self.tasks.len() >= app.config.worker.jobs_at_once
    }

    /// Returns when one of them has ended; never while there is none.
    async fn one_ended(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(Ok((task, ()))) => {
                self.jobs.remove(&task);
            }
            Some(Err(error)) => {
                let job = self.jobs.remove(&error.id()).map(|job| job.id.to_string());
                tracing::error!(
                    job,
                    "a job ended its task; it is taken up again when its lease ends"
                );
            }
            None => std::future::pending().await,
        }
    }

    async fn finish(&mut self) {
        while !self.tasks.is_empty() {
            self.one_ended().await;
        }
    }

    /// Breaks off what is not done yet and gives it back, so that other workers need not wait for the leases to end.
    async fn drop_all(&mut self, app: &App) {
        self.tasks.shutdown().await;
        for job in self.jobs.values() {
            match claim::release(app, job).await {
                Ok(true) => {
                    tracing::warn!(job = %job.id, kind = job.kind, "broken off, and given back");
                }
                // What became of it was stored a moment before.
                Ok(false) => {}
                Err(error) => tracing::error!(
                    job = %job.id,
                    kind = job.kind,
                    error = error.with_causes(),
                    "broken off and not given back; it is taken up again when its lease ends"
                ),
            }
        }
    }
}

/// Runs the most urgent job that is due. False when there was none.
pub async fn run_next(app: &Arc<App>) -> Result<bool, DomainError> {
    let Some(job) = claim::claim(app).await? else {
        return Ok(false);
    };
    work(app, &job).await?;
    Ok(true)
}

/// Runs a claimed job and stores what became of it.
async fn work(app: &Arc<App>, job: &job::Model) -> Result<(), DomainError> {
    let outcome = run_with_heartbeat(app, job).await;
    match &outcome {
        Ok(()) => {}
        Err(JobError::Wait(until)) => {
            tracing::debug!(job = %job.id, kind = job.kind, %until, "job waits");
        }
        Err(error) => {
            tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, %error, "job did not succeed");
        }
    }
    if claim::report(app, job, &outcome).await? {
        let outcome = Outcome::of(job, &outcome);
        app.job_figures.count(&job.kind, outcome);
    } else {
        tracing::warn!(job = %job.id, kind = job.kind, "lease was lost; another worker has the job");
    }
    Ok(())
}

async fn run_with_heartbeat(app: &Arc<App>, job: &job::Model) -> Result<(), JobError> {
    tokio::select! {
        outcome = super::registry::run(app, job) => outcome,
        () = hold_lease(app, job) => Err(JobError::Retry(anyhow!("lease lost while working"))),
    }
}

/// Renews the lease while the work goes on beside it; returns when the lease is lost. A database that cannot be
/// reached is no reason to break off work that may be half done: the lease itself says when it is too late.
async fn hold_lease(app: &App, job: &job::Model) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        match claim::heartbeat(app, job).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(job = %job.id, error = error.with_causes(), "the lease could not be renewed");
            }
        }
    }
}

/// Returns when there may be something to take up.
async fn idle(app: &App, stop: &CancellationToken, hands: &mut Hands) {
    if hands.are_full(app) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = hands.one_ended() => {}
        }
        return;
    }
    let until_due = match claim::next_due(app).await {
        Ok(Some(due)) => match (due - app.clock.now()).to_std() {
            Ok(wait) => wait,
            Err(_) => until_a_lane_opens(app).await,
        },
        Ok(None) | Err(_) => MAX_IDLE,
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = hands.one_ended() => {}
        () = app.store.job_signal.committed() => {}
        () = tokio::time::sleep(until_due.min(MAX_IDLE)) => {}
    }
}

/// How long to wait while what is due cannot be taken. Of a lane that had its share of the minute it is known when it opens, and each
/// lane that opens wakes a worker once; of one that is full it is not.
async fn until_a_lane_opens(app: &App) -> Duration {
    match claim::next_open_lane(app).await {
        Ok(Some(open)) => (open - app.clock.now())
            .to_std()
            .unwrap_or_default()
            .min(OVERDUE_IDLE),
        Ok(None) | Err(_) => OVERDUE_IDLE,
    }
}

/// After an error: the database gets a rest.
async fn rest(stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(MAX_IDLE) => {}
    }
}

/// Reads a job's payload and runs it; when that was the last try, lets the job store what being given up means.
pub(super) async fn run_as<J: Job>(app: &Arc<App>, job: &job::Model) -> Result<(), JobError> {
    // A newer program may have written it, and can read it.
    let work: J = serde_json::from_value(job.payload.clone())
        .map_err(|error| JobError::Retry(anyhow!("payload of {}: {error}", J::KIND)))?;
    let outcome = if job.attempts > job.max_attempts {
        // A job that ends the process each time must not be taken up for ever.
        Err(JobError::Fail(anyhow!(
            "every worker that tried it fell silent"
        )))
    } else {
        // A panic ends this try, not the worker.
        AssertUnwindSafe(work.run(app))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(JobError::Retry(anyhow!("panicked"))))
    };
    if let Err(error) = &outcome
        && claim::is_final(job, error)
        && let Err(fault) = work.give_up(app, error).await
    {
        tracing::error!(job = %job.id, error = fault.with_causes(), "what giving up means was not stored");
    }
    outcome
}

#[cfg(test)]
mod tests;
