//! What jobs share that may be slow or touchy, such as a mail server: how many of a lane run at once, and how many begin in a
//! minute. Both hold over all workers, since they are in the database.
//!
//! Nothing is done to a job whose lane is shut: it is not claimed, and keeps its moment and its tries.

use chrono::{DateTime, TimeDelta, Utc};
use entity::job::{self, JobState};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr};

use super::claim::LEASE;
use crate::app::App;
use crate::store::throttle::{self, Quota};

/// Under which name lanes are counted among the throttles.
const OPERATION: &str = "lane";
/// A worker renews its leases every 15 seconds: one that has not for so long counts as gone, though nobody takes its jobs yet.
pub const SILENCE: TimeDelta = TimeDelta::seconds(35);

/// That a job has no lane, or one that is open at `now`.
pub(super) fn is_open(app: &App, now: DateTime<Utc>) -> Condition {
    let mut is_open = Condition::all().add(job::Column::Lane.not_in_subquery(full(app, now)));
    if let Some(quota) = quota(app) {
        let used_up = throttle::used_up(OPERATION, quota, now.timestamp_micros());
        is_open = is_open.add(job::Column::Lane.not_in_subquery(used_up));
    }
    Condition::any()
        .add(job::Column::Lane.is_null())
        .add(is_open)
}

/// That a job has no lane, or one that is open for what was taken up before already and counts among those that run.
pub(super) fn is_rested(app: &App, now: DateTime<Utc>) -> Condition {
    let Some(quota) = quota(app) else {
        return Condition::all();
    };
    let used_up = throttle::used_up(OPERATION, quota, now.timestamp_micros());
    Condition::any()
        .add(job::Column::Lane.is_null())
        .add(job::Column::Lane.not_in_subquery(used_up))
}

/// Counts a job of `lane` that begins at `now`, on the transaction that claims it. False when another worker was faster and it would
/// be one too many.
pub(super) async fn count(
    app: &App,
    transaction: &impl ConnectionTrait,
    lane: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let (Some(lane), Some(quota)) = (lane, quota(app)) else {
        return Ok(true);
    };
    throttle::count_on(transaction, OPERATION, lane, quota, now.timestamp_micros()).await
}

/// When the first of the lanes that had their share of the minute is open again.
pub(super) async fn next_open(
    app: &App,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let Some(quota) = quota(app) else {
        return Ok(None);
    };
    let connection = &app.store.connection;
    let free = throttle::next_free(connection, OPERATION, quota, now.timestamp_micros()).await?;
    Ok(free.and_then(DateTime::from_timestamp_micros))
}

/// One at a time, evenly: so there are never more in any minute than are set, which a number of them at once would double. Rounded
/// up, for the same reason.
fn quota(app: &App) -> Option<Quota> {
    let per_minute = app.config.worker.lane_per_minute;
    let micros = 60_000_000_u32.checked_div(per_minute)?;
    let is_uneven = !60_000_000_u32.is_multiple_of(per_minute);
    Some(Quota {
        tries: 1,
        window: TimeDelta::microseconds(i64::from(micros) + i64::from(is_uneven)),
    })
}

/// The lanes of which as many jobs run as may. Workers that claim at the same moment may go over by one each: that is no
/// reason to let all of them wait for each other.
fn full(app: &App, now: DateTime<Utc>) -> SelectStatement {
    Query::select()
        .column(job::Column::Lane)
        .from(job::Entity)
        .and_where(Expr::col(job::Column::State).eq(JobState::Running))
        .and_where(Expr::col(job::Column::LeasedUntil).gte(now + LEASE - SILENCE))
        .and_where(Expr::col(job::Column::Lane).is_not_null())
        .group_by_col(job::Column::Lane)
        .and_having(
            Expr::col(job::Column::Id)
                .count()
                .gte(app.config.worker.lane_at_once),
        )
        .to_owned()
}
