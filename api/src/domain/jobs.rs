//! Work in the background, as those see it who run the marketplace: what waits, what was given up, and taking it up again.

pub mod discard;
pub mod list;
pub mod pauses;
pub mod retry;

use entity::id::JobId;
use entity::job::{self, JobState};
use sea_orm::{EntityTrait as _, QuerySelect as _};

use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::WriteTransaction;

/// The job `id`, locked, if it was given up.
async fn load_dead(transaction: &WriteTransaction, id: JobId) -> Result<job::Model, DomainError> {
    let job = job::Entity::find_by_id(id)
        .lock_exclusive()
        .one(&**transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    match job.state {
        JobState::Dead => Ok(job),
        JobState::Ready | JobState::Running | JobState::Done => Err(Violation::new(
            Code::WrongState,
            "jobId",
            "This job was not given up; there is nothing to do about it.",
            "Cette tâche n’a pas été abandonnée; il n’y a rien à faire.",
        )
        .into()),
    }
}
