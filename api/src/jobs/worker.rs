//! The loop that works jobs, inside `serve` or alone as `worker`.

use std::sync::Arc;
use std::time::Duration;

use entity::job;
use tokio_util::sync::CancellationToken;

use super::{Job, JobError, claim};
use crate::app::App;
use crate::error::DomainError;

/// How long the worker sleeps at most before it looks again: another node may have added a job.
const MAX_IDLE: Duration = Duration::from_secs(5);
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Works jobs until `stop` is cancelled; the job in hand is finished first.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    tracing::info!("worker started");
    while !stop.is_cancelled() {
        match run_next(&app).await {
            Ok(true) => {}
            Ok(false) => idle(&app, &stop).await,
            Err(error) => {
                tracing::error!(%error, "the job table cannot be reached; trying again");
                idle(&app, &stop).await;
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
    let work = super::registry::run(app, job);
    tokio::pin!(work);
    loop {
        tokio::select! {
            outcome = &mut work => return outcome,
            () = tokio::time::sleep(HEARTBEAT) => {
                if !claim::heartbeat(app, job).await? {
                    return Err(JobError::Fail(anyhow::anyhow!("lease lost while working")));
                }
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
        () = app.job_added.notified() => {}
        () = tokio::time::sleep(until_due.clamp(Duration::from_millis(50), MAX_IDLE)) => {}
    }
}

/// Reads a job's payload and runs it.
pub(super) async fn run_as<J: Job>(app: &Arc<App>, job: &job::Model) -> Result<(), JobError> {
    let work: J = serde_json::from_value(job.payload.clone())
        .map_err(|error| JobError::Fail(anyhow::anyhow!("payload of {}: {error}", J::KIND)))?;
    work.run(app).await
}
