//! Taking jobs and reporting on them. A claim is one short transaction; its lease token fences a worker that comes
//! back too late. Every write waits its turn as all others do, and is repeated when a concurrent one was in the way.

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, JobState};
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::registry::KINDS;
use super::{JobError, backoff};
use crate::app::App;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// How long a worker may be silent before another takes over.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);
const MAX_ERROR_CHARACTERS: usize = 500;

/// Claims the most urgent job that is due and of a kind known here, if any: ready ones, and running ones whose worker
/// fell silent.
pub async fn claim(app: &App) -> Result<Option<job::Model>, DomainError> {
    retrying(|| try_claim(app)).await
}

async fn try_claim(app: &App) -> Result<Option<job::Model>, DomainError> {
    let now = app.clock.now();
    let token = app.new_id();
    let transaction = begin_write(&app.store).await?;
    let mut due = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::Column::Kind.is_in(KINDS.iter().copied()))
        .filter(
            job::COLUMN
                .state
                .eq(JobState::Ready)
                .and(job::COLUMN.run_at.lte(now))
                .or(job::COLUMN
                    .state
                    .eq(JobState::Running)
                    .and(job::COLUMN.leased_until.lt(now))),
        )
        .order_by_asc(job::Column::Priority)
        .order_by_asc(job::Column::RunAt)
        .order_by_asc(job::Column::Id)
        .limit(1);
    if app.store.connection.get_database_backend() == DbBackend::Postgres {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let ids: Vec<entity::id::JobId> = due.into_tuple().all(&*transaction).await?;
    let claimed = match ids.first() {
        Some(id) => {
            job::Entity::update_many()
                .set(job::ActiveModel {
                    state: sea_orm::Set(JobState::Running),
                    lease_token: sea_orm::Set(Some(token)),
                    leased_until: sea_orm::Set(Some(now + LEASE)),
                    ..Default::default()
                })
                .col_expr(
                    job::Column::Attempts,
                    Expr::col(job::Column::Attempts).add(1),
                )
                .filter(job::COLUMN.id.eq(*id))
                .exec(&*transaction)
                .await?;
            job::Entity::find_by_id(*id).one(&*transaction).await?
        }
        None => None,
    };
    transaction.commit().await?;
    Ok(claimed)
}

/// Extends the lease of a job that takes long. False when the lease was lost.
pub async fn heartbeat(app: &App, job: &job::Model) -> Result<bool, DomainError> {
    let changes = job::ActiveModel {
        leased_until: sea_orm::Set(Some(app.clock.now() + LEASE)),
        ..Default::default()
    };
    retrying(|| change_leased(app, job, changes.clone())).await
}

/// Whether a job that ended in `error` is not tried again.
pub(super) fn is_final(job: &job::Model, error: &JobError) -> bool {
    matches!(error, JobError::Fail(_)) || job.attempts >= job.max_attempts
}

/// Stores what became of a claimed job. A worker that lost its lease changes nothing (false).
pub async fn report(
    app: &App,
    job: &job::Model,
    outcome: &Result<(), JobError>,
) -> Result<bool, DomainError> {
    let now = app.clock.now();
    let (state, run_at) = match outcome {
        Ok(()) => (JobState::Done, job.run_at),
        Err(error) if !is_final(job, error) => {
            let [chance] = app.random.bytes();
            (JobState::Ready, now + backoff(job.attempts, chance))
        }
        Err(_) => (JobState::Dead, job.run_at),
    };
    let error = outcome.as_ref().err().map(|error| {
        format!("{error}")
            .chars()
            .take(MAX_ERROR_CHARACTERS)
            .collect()
    });
    let changes = job::ActiveModel {
        state: sea_orm::Set(state),
        run_at: sea_orm::Set(run_at),
        lease_token: sea_orm::Set(None),
        leased_until: sea_orm::Set(None),
        last_error: sea_orm::Set(error),
        finished_at: sea_orm::Set((state != JobState::Ready).then_some(now)),
        ..Default::default()
    };
    retrying(|| change_leased(app, job, changes.clone())).await
}

/// Changes a job as long as it is leased to whoever claimed it as `job`; false when it is not any more.
async fn change_leased(
    app: &App,
    job: &job::Model,
    changes: job::ActiveModel,
) -> Result<bool, DomainError> {
    let transaction = begin_write(&app.store).await?;
    let changed = job::Entity::update_many()
        .set(changes)
        .filter(job::COLUMN.id.eq(job.id))
        .filter(job::Column::LeaseToken.eq(job.lease_token))
        .exec(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(changed.rows_affected == 1)
}

/// The earliest moment at which a job falls due, if any waits.
pub async fn next_due(app: &App) -> Result<Option<DateTime<Utc>>, DomainError> {
    let query = Query::select()
        .expr(Expr::col(job::Column::RunAt).min())
        .from(job::Entity)
        .and_where(Expr::col(job::Column::State).eq(JobState::Ready))
        .and_where(Expr::col(job::Column::Kind).is_in(KINDS.iter().copied()))
        .to_owned();
    let row = sea_orm::ConnectionTrait::query_one(&app.store.connection, &query).await?;
    Ok(row.and_then(|row| {
        row.try_get_by_index::<Option<DateTime<Utc>>>(0)
            .ok()
            .flatten()
    }))
}
