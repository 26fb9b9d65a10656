//! A circuit breaker for a kind of job: when what all of them need does not work, such as the mail relay, none of them is
//! taken up for a while; then one at a time, until one succeeds. It is in the database, so that all workers know. Workers that look at
//! the same moment may each take one.

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, JobState};
use entity::job_pause;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _, Set,
};

use super::claim::{self, CLOCK_DIFFERENCE};
use crate::app::App;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// How sure it is that the next one meets with the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does, whatever the job: the relay refuses our password.
    Lasting,
    /// It may have been bad luck: the relay could not be reached. So many in a row are none.
    Passing,
}

/// So many passing faults in a row make the kind wait.
pub const PASSING: i32 = 5;

/// How long the kind waits for the `pauses`-th time in a row: 1 minute, 5 minutes, then 15 each time.
pub const fn length(pauses: i32) -> TimeDelta {
    match pauses {
        ..=1 => TimeDelta::minutes(1),
        2 => TimeDelta::minutes(5),
        3.. => TimeDelta::minutes(15),
    }
}

/// Whether a pause that ends at `until` still lasts at `now`. One that would last longer than any was written by a clock that was
/// wrong.
fn is_ahead(until: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < until && until <= now + length(i32::MAX) + CLOCK_DIFFERENCE
}

/// Notes that a job of `kind` met with a fault that is not its own. Some time when the kind waits now: until then.
///
/// # Errors
/// When the database cannot be reached.
pub async fn note(
    app: &App,
    kind: &str,
    fault: Fault,
    reason: &str,
) -> Result<Option<DateTime<Utc>>, DomainError> {
    retrying(|| try_note(app, kind, fault, reason)).await
}

async fn try_note(
    app: &App,
    kind: &str,
    fault: Fault,
    reason: &str,
) -> Result<Option<DateTime<Utc>>, DomainError> {
    let now = app.clock.now();
    let transaction = begin_write(&app.store).await?;
    // There first, so that there is a row to lock: several jobs meet with the first fault at the same moment.
    let inserted = job_pause::Entity::insert(job_pause::ActiveModel {
        kind: Set(kind.to_owned()),
        faults: Set(1),
        pauses: Set(0),
        paused_until: Set(None),
        reason: Set(reason.to_owned()),
        since: Set(now),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&*transaction)
    .await?;
    let before = job_pause::Entity::find_by_id(kind)
        .lock_exclusive()
        .one(&*transaction)
        .await?
        // Ended between the two.
        .ok_or(DomainError::Retry(DbErr::RecordNotUpdated))?;
    // Those that were under way when the pause began met with the same thing, and do not make it longer.
    if let Some(until) = before.paused_until.filter(|until| is_ahead(*until, now)) {
        return Ok(Some(until));
    }
    let faults = if inserted == 1 { 1 } else { before.faults + 1 };
    let is_due = fault == Fault::Lasting || before.pauses > 0 || faults >= PASSING;
    let pauses = before.pauses + i32::from(is_due);
    let paused_until = is_due.then(|| now + length(pauses));
    let row = job_pause::Model {
        faults,
        pauses,
        paused_until,
        reason: reason.to_owned(),
        ..before
    };
    let changes = row.into_active_model().reset_all();
    changes.update(&*transaction).await?;
    transaction.commit().await?;
    if let Some(until) = paused_until {
        tracing::error!(kind, %until, reason, "jobs of this kind wait");
    }
    Ok(paused_until)
}

/// Notes that a job of `kind` succeeded: the others are taken up again.
///
/// # Errors
/// When the database cannot be reached.
pub async fn end(app: &App, kind: &str) -> Result<(), DomainError> {
    // Nearly always there is nothing to end, and looking takes no turn from those who write.
    let found = job_pause::Entity::find_by_id(kind);
    if found.one(&app.store.connection).await?.is_none() {
        return Ok(());
    }
    retrying(|| async {
        let transaction = begin_write(&app.store).await?;
        job_pause::Entity::delete_by_id(kind)
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    })
    .await?;
    tracing::info!(kind, "jobs of this kind are taken up again");
    Ok(())
}

/// The kinds of which nothing is to be taken up at `now`: those that wait, and those of which one is trying whether it works
/// again.
pub(super) async fn waiting_kinds(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<String>, DomainError> {
    let paused = job_pause::Entity::find()
        .filter(job_pause::COLUMN.paused_until.is_not_null())
        .all(connection)
        .await?;
    let mut waiting = Vec::new();
    for pause in paused {
        let waits = pause.paused_until.is_some_and(|until| is_ahead(until, now));
        if waits || is_one_trying(connection, &pause.kind, now).await? {
            waiting.push(pause.kind);
        }
    }
    Ok(waiting)
}

async fn is_one_trying(
    connection: &impl ConnectionTrait,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<bool, DomainError> {
    let found = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::COLUMN.state.eq(JobState::Running))
        .filter(claim::is_over(now).not())
        .filter(job::COLUMN.kind.eq(kind))
        .limit(1)
        .into_tuple::<entity::id::JobId>()
        .one(connection)
        .await?;
    Ok(found.is_some())
}
