//! Taking jobs and reporting on them. A claim is one short transaction; its lease token fences a worker that comes
//! back too late. Every write waits its turn as all others do, and is repeated when a concurrent one was in the way.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::JobId;
use entity::job::{self, JobState};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};

use super::registry::KINDS;
use super::send_mail::SendMail;
use super::{Job as _, JobError, backoff, lane, pause};
use crate::app::App;
use crate::error::DomainError;
use crate::store::transaction::{WriteTransaction, begin_write, retrying};

/// How long a worker may be silent before another takes over.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Clocks of nodes may differ by less. What was written further ahead was written by a clock that was wrong.
pub(super) const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::minutes(10);
/// No mail waits longer for its next try; it is a day and a fifth of it.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(30);
const MAX_ERROR_CHARACTERS: usize = 500;

/// Claims the most urgent job that is due and of a kind known here, if any: ready ones, and running ones whose worker
/// fell silent.
pub async fn claim(app: &App) -> Result<Option<job::Model>, DomainError> {
    claim_from(app, app.clock.now(), Silent::Those { but: &[] }).await
}

/// Which running jobs may be taken from a worker whose leases say that it fell silent.
#[derive(Clone, Copy, Debug)]
pub enum Silent<'a> {
    /// All but these, which whoever asks has in hand: of them it knows better than any lease, which ends early when the clock is
    /// put forward or the database is away.
    Those {
        /// Not these.
        but: &'a [JobId],
    },
    /// None: the leases tell nothing, since the clock was set a moment ago.
    Nobody,
}

/// The same at `now`; of the jobs that run, those in `silent`.
pub async fn claim_from(
    app: &App,
    now: DateTime<Utc>,
    silent: Silent<'_>,
) -> Result<Option<job::Model>, DomainError> {
    loop {
        match retrying(|| try_claim(app, now, silent)).await? {
            Attempt::Claimed(job) => return Ok(Some(*job)),
            Attempt::Nothing => return Ok(None),
            // Whoever was faster has closed the lane, so that there is another one to look for.
            Attempt::Overtaken => {}
        }
    }
}

enum Attempt {
    Claimed(Box<job::Model>),
    Nothing,
    Overtaken,
}

async fn try_claim(
    app: &App,
    now: DateTime<Utc>,
    silent: Silent<'_>,
) -> Result<Attempt, DomainError> {
    let token = app.new_id();
    let transaction = begin_write(&app.store).await?;
    let waiting = pause::waiting_kinds(&*transaction, now).await?;
    let mut found = None;
    if let Silent::Those { but } = silent {
        let silent = takeable(&waiting)
            .filter(job::COLUMN.state.eq(JobState::Running))
            .filter(is_over(now))
            .filter(job::COLUMN.id.is_not_in(but.iter().copied()))
            .filter(lane::is_rested(app, now))
            .order_by_asc(job::Column::LeasedUntil);
        // What was taken up before goes on first.
        found = first(app, &transaction, silent).await?;
    }
    if found.is_none() {
        let due = takeable(&waiting)
            .filter(job::COLUMN.state.eq(JobState::Ready))
            .filter(is_due(now))
            .filter(lane::is_open(app, now))
            .order_by_asc(job::Column::Priority)
            .order_by_asc(job::Column::RunAt)
            .order_by_asc(job::Column::Id);
        found = first(app, &transaction, due).await?;
    }
    let Some((id, lane)) = found else {
        transaction.commit().await?;
        return Ok(Attempt::Nothing);
    };
    if !lane::count(app, &*transaction, lane.as_deref(), now).await? {
        return Ok(Attempt::Overtaken);
    }
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
        .filter(job::COLUMN.id.eq(id))
        .exec(&*transaction)
        .await?;
    let claimed = job::Entity::find_by_id(id).one(&*transaction).await?;
    transaction.commit().await?;
    Ok(claimed.map_or(Attempt::Nothing, |job| Attempt::Claimed(Box::new(job))))
}

/// That a job that waits is due at `now`. A mail that was put off, or written, by a clock that was far ahead would wait until that
/// time comes, and it need not: it says nothing of when it goes.
fn is_due(now: DateTime<Utc>) -> Condition {
    let is_written_ahead = Condition::all()
        .add(job::COLUMN.created_at.gt(now + CLOCK_DIFFERENCE))
        .add(Expr::col(job::Column::RunAt).lte(Expr::col(job::Column::CreatedAt)));
    let is_from_a_wrong_clock = Condition::any()
        .add(job::COLUMN.run_at.gt(now + LONGEST_WAIT))
        .add(is_written_ahead);
    Condition::any().add(job::COLUMN.run_at.lte(now)).add(
        Condition::all()
            .add(job::COLUMN.kind.eq(SendMail::KIND))
            .add(is_from_a_wrong_clock),
    )
}

/// That a lease is over at `now`, or was given by a clock that was far ahead: it would not be over for as long.
pub(super) fn is_over(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(job::COLUMN.leased_until.lt(now))
        .add(job::COLUMN.leased_until.gt(now + LEASE + LEASE))
}

/// The jobs of a kind that is known here and does not wait.
fn takeable(waiting: &[String]) -> Select<job::Entity> {
    let kinds = KINDS.iter().copied();
    let kinds = kinds.filter(|kind| !waiting.iter().any(|waiting| waiting == kind));
    job::Entity::find().filter(job::Column::Kind.is_in(kinds))
}

/// The first of `jobs` with its lane, locked; on PostgreSQL, the first that no other worker is about to take.
async fn first(
    app: &App,
    transaction: &WriteTransaction,
    jobs: Select<job::Entity>,
) -> Result<Option<(JobId, Option<String>)>, DomainError> {
    let mut jobs = jobs
        .select_only()
        .columns([job::Column::Id, job::Column::Lane])
        .limit(1);
    if app.store.connection.get_database_backend() == DbBackend::Postgres {
        jobs = jobs.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    Ok(jobs.into_tuple().one(&**transaction).await?)
}

/// Extends the lease of a job that takes long. False when the lease was lost.
pub async fn heartbeat(app: &App, job: &job::Model) -> Result<bool, DomainError> {
    let changes = job::ActiveModel {
        leased_until: sea_orm::Set(Some(app.clock.now() + LEASE)),
        ..Default::default()
    };
    retrying(|| change_leased(app, job, changes.clone())).await
}

/// Gives a job back that was broken off, for another worker to take at once. False when the lease was lost.
pub async fn release(app: &App, job: &job::Model) -> Result<bool, DomainError> {
    let now = app.clock.now();
    report(app, job, &Err(JobError::Wait(now))).await
}

/// Whether a job that ended in `error` is not tried again.
pub(super) fn is_final(job: &job::Model, error: &JobError) -> bool {
    match error {
        JobError::Fail(_) => true,
        JobError::Retry(_) => job.attempts >= job.max_attempts,
        JobError::Wait(_) => false,
    }
}

/// Stores what became of a claimed job. A worker that lost its lease changes nothing (false).
pub async fn report(
    app: &App,
    job: &job::Model,
    outcome: &Result<(), JobError>,
) -> Result<bool, DomainError> {
    let now = app.clock.now();
    let (state, run_at, attempts) = match outcome {
        Ok(()) => (JobState::Done, job.run_at, job.attempts),
        Err(JobError::Wait(until)) => (JobState::Ready, *until, job.attempts - 1),
        Err(error) if !is_final(job, error) => {
            let [chance] = app.random.bytes();
            let run_at = now + backoff(job.attempts, chance);
            (JobState::Ready, run_at, job.attempts)
        }
        Err(_) => (JobState::Dead, job.run_at, job.attempts),
    };
    let error = match outcome {
        Ok(()) => None,
        // What it failed of before is told still.
        Err(JobError::Wait(_)) => job.last_error.clone(),
        Err(error) => Some(
            error
                .to_string()
                .chars()
                .take(MAX_ERROR_CHARACTERS)
                .collect(),
        ),
    };
    let changes = job::ActiveModel {
        state: sea_orm::Set(state),
        attempts: sea_orm::Set(attempts),
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

/// When the first of the lanes that had their share of the minute is open again, if one had.
pub async fn next_open_lane(app: &App) -> Result<Option<DateTime<Utc>>, DomainError> {
    Ok(lane::next_open(app, app.clock.now()).await?)
}

/// The earliest moment at which a job falls due that may be taken up, if any waits. Of kinds that wait themselves this tells
/// nothing: whoever waits looks again soon anyway.
pub async fn next_due(app: &App) -> Result<Option<DateTime<Utc>>, DomainError> {
    let connection = &app.store.connection;
    let waiting = pause::waiting_kinds(connection, app.clock.now()).await?;
    let due: Option<Option<DateTime<Utc>>> = takeable(&waiting)
        .select_only()
        .column_as(job::Column::RunAt.min(), "run_at")
        .filter(job::COLUMN.state.eq(JobState::Ready))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(due.flatten())
}
