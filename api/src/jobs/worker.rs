//! The loop that works jobs, inside `serve` or alone as `worker`.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use entity::job;
use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::{Job, JobError, claim, schedule};
use crate::app::App;
use crate::error::DomainError;

/// How long the worker sleeps at most before it looks again: another node may have added a job.
const MAX_IDLE: Duration = Duration::from_secs(5);
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Works jobs until `stop` is cancelled; the job in hand is finished first.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    tracing::info!("worker started");
    while !stop.is_cancelled() {
        match schedule::start(&app).await {
            Ok(()) => break,
            Err(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "the schedules cannot be started; trying again"
                );
                pause(&stop).await;
            }
        }
    }
    while !stop.is_cancelled() {
        match run_next(&app).await {
            Ok(true) => {}
            Ok(false) => idle(&app, &stop).await,
            Err(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "the job table cannot be reached; trying again"
                );
                pause(&stop).await;
            }
        }
    }
    tracing::info!("worker stopped");
}

/// Runs the most urgent job that is due. False when there was none.
pub async fn run_next(app: &Arc<App>) -> Result<bool, DomainError> {
    let Some(job) = claim::claim(app).await? else {
        return Ok(false);
    };
    let outcome = run_with_heartbeat(app, &job).await;
    if let Err(error) = &outcome {
        tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, %error, "job did not succeed");
    }
    if !claim::report(app, &job, &outcome).await? {
        tracing::warn!(job = %job.id, kind = job.kind, "lease was lost; another worker has the job");
    }
    Ok(true)
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

async fn idle(app: &App, stop: &CancellationToken) {
    let until_due = match claim::next_due(app).await {
        Ok(Some(due)) => (due - app.clock.now()).to_std().unwrap_or(Duration::ZERO),
        Ok(None) | Err(_) => MAX_IDLE,
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = app.store.job_signal.committed() => {}
        () = tokio::time::sleep(until_due.clamp(Duration::from_millis(50), MAX_IDLE)) => {}
    }
}

/// After an error: the database gets a rest.
async fn pause(stop: &CancellationToken) {
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
