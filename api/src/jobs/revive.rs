//! Taking up again what was given up.

use entity::job::{self, JobState};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _, Set};

use super::registry;
use crate::app::App;
use crate::error::{Code, DomainError, Violation};
use crate::store::constraint;
use crate::store::transaction::WriteTransaction;

/// Makes a dead job ready, with all of its tries before it and the first at once. What it failed of stays until the next try.
///
/// # Errors
/// Violations when there is nothing left to work on, or a job with the same key waits.
pub async fn run(
    app: &App,
    transaction: &WriteTransaction,
    dead: &job::Model,
) -> Result<(), DomainError> {
    registry::revive(transaction, dead).await?;
    let mut job = dead.clone().into_active_model();
    job.state = Set(JobState::Ready);
    job.attempts = Set(0);
    job.run_at = Set(app.clock.now());
    job.finished_at = Set(None);
    match job.update(&**transaction).await {
        Ok(_) => {
            app.store.job_signal.job_written();
            Ok(())
        }
        Err(error)
            if constraint::is_unique_violation(
                &error,
                "uq_job_unfinished",
                "job",
                &["unique_key"],
            ) =>
        {
            Err(Violation::new(
                Code::WrongState,
                "jobId",
                "A job for the same thing waits already.",
                "Une tâche pour la même chose est déjà en attente.",
            )
            .into())
        }
        Err(error) => Err(error.into()),
    }
}
