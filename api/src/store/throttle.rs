//! The counters of throttles, in the database: every node counts together, and no restart forgets.
//!
//! The generic cell rate algorithm (ITU-T I.371, annex A) keeps one moment for each key: the theoretical arrival time, at
//! which the next try would come if they came evenly. One guarded statement counts a try. It runs outside of transactions,
//! since what was tried was tried, whatever became of it.

use chrono::TimeDelta;
use entity::throttle;
use sea_orm::sea_query::{
    Expr, ExprTrait as _, LockBehavior, LockType, OnConflict, Query, SelectStatement,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};

use super::connection::Store;
use super::transaction::retrying;
use crate::error::DomainError;

/// Clocks of nodes may differ by less. What is further ahead than a quota and this was written by a clock that was wrong,
/// and must not shut anybody out until then.
const CLOCK_DIFFERENCE: TimeDelta = TimeDelta::minutes(10);
/// So many rows go at once: whoever waits for it waits for a moment only.
const FORGOTTEN_AT_ONCE: u64 = 1_000;

/// How many tries at once, and how soon more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// At once; at least 1.
    pub tries: u32,
    /// After so long as many are free again, and one after an even share of it.
    pub window: TimeDelta,
}

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was within the quota, and counted.
    Counted,
    /// It was one too many, and not counted; none is free before this moment, in microseconds since 1970.
    RefusedUntil(i64),
}

impl Quota {
    /// In how many microseconds one more try is free.
    fn interval(self) -> i64 {
        micros(self.window) / i64::from(Ord::max(self.tries, 1))
    }

    /// How far ahead of now a theoretical arrival time may lie that leaves a try free.
    fn tolerance(self) -> i64 {
        self.interval() * i64::from(self.tries.saturating_sub(1))
    }

    /// Whether a refusal until `until` can be one of this quota; else a wrong clock said it.
    pub fn can_refuse_until(self, until: i64, now: i64) -> bool {
        until <= now + self.interval() + micros(CLOCK_DIFFERENCE)
    }
}

fn micros(delta: TimeDelta) -> i64 {
    delta.num_microseconds().unwrap_or(i64::MAX)
}

/// Counts a try for a key at `now`, in microseconds since 1970, unless it is one too many.
pub async fn count(
    store: &Store,
    operation: &str,
    key_hash: &str,
    quota: Quota,
    now: i64,
) -> Result<Verdict, DomainError> {
    retrying(|| try_count(store, operation, key_hash, quota, now)).await
}

async fn try_count(
    store: &Store,
    operation: &str,
    key_hash: &str,
    quota: Quota,
    now: i64,
) -> Result<Verdict, DomainError> {
    let turn = store.turn_to_write().await?;
    let is_counted = count_on(&store.connection, operation, key_hash, quota, now).await?;
    drop(turn);
    if is_counted {
        return Ok(Verdict::Counted);
    }
    let row = throttle::Entity::find_by_id((operation.to_owned(), key_hash.to_owned()))
        .one(&store.connection)
        .await?;
    let until = row.map_or(now, |row| {
        row.theoretical_arrival_micros - quota.tolerance()
    });
    Ok(Verdict::RefusedUntil(Ord::max(until, now)))
}

/// The same on the caller's write transaction, where what is counted happens only if that is committed. False when it was one
/// too many.
pub async fn count_on(
    connection: &impl ConnectionTrait,
    operation: &str,
    key_hash: &str,
    quota: Quota,
    now: i64,
) -> Result<bool, DbErr> {
    let interval = quota.interval();
    let column = throttle::Column::TheoreticalArrivalMicros;
    let arrival = || Expr::col((throttle::Entity, column));
    let from_a_wrong_clock =
        || arrival().gt(now + quota.tolerance() + interval + micros(CLOCK_DIFFERENCE));
    let is_unused = arrival().lte(now).or(from_a_wrong_clock());
    let next = Expr::case(is_unused, now + interval).finally(arrival().add(interval));
    let is_free = arrival()
        .lte(now + quota.tolerance())
        .or(from_a_wrong_clock());
    let first = throttle::ActiveModel {
        operation: Set(operation.to_owned()),
        key_hash: Set(key_hash.to_owned()),
        theoretical_arrival_micros: Set(now + interval),
    };
    let key = [throttle::Column::Operation, throttle::Column::KeyHash];
    let on_conflict = OnConflict::columns(key)
        .value(column, next)
        .action_and_where(is_free)
        .to_owned();
    let counted = throttle::Entity::insert(first)
        .on_conflict(on_conflict)
        .exec_without_returning(connection)
        .await?;
    Ok(counted == 1)
}

/// The keys of `operation` of which none is free at `now`, in microseconds since 1970: one column, for a condition.
pub fn used_up(operation: &str, quota: Quota, now: i64) -> SelectStatement {
    let arrival = || Expr::col(throttle::Column::TheoreticalArrivalMicros);
    let furthest = now + quota.tolerance() + quota.interval() + micros(CLOCK_DIFFERENCE);
    Query::select()
        .column(throttle::Column::KeyHash)
        .from(throttle::Entity)
        .and_where(Expr::col(throttle::Column::Operation).eq(operation))
        .and_where(arrival().gt(now + quota.tolerance()))
        .and_where(arrival().lte(furthest))
        .to_owned()
}

/// When the first of those keys is free again, in microseconds since 1970; none when all are free.
pub async fn next_free(
    connection: &impl ConnectionTrait,
    operation: &str,
    quota: Quota,
    now: i64,
) -> Result<Option<i64>, DbErr> {
    let key_hashes = used_up(operation, quota, now);
    let first: Option<Option<i64>> = throttle::Entity::find()
        .select_only()
        .column_as(throttle::Column::TheoreticalArrivalMicros.min(), "arrival")
        .filter(throttle::COLUMN.operation.eq(operation))
        .filter(throttle::Column::KeyHash.in_subquery(key_hashes))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(first.flatten().map(|arrival| arrival - quota.tolerance()))
}

/// Forgets keys of whose quotas nothing is used up at `now`, in microseconds since 1970: some of them, and says how many.
pub async fn forget_unused(store: &Store, now: i64) -> Result<u64, DomainError> {
    let is_unused = || Expr::col(throttle::Column::TheoreticalArrivalMicros).lte(now);
    let key = [throttle::Column::Operation, throttle::Column::KeyHash];
    let mut unused = Query::select()
        .columns(key)
        .from(throttle::Entity)
        .and_where(is_unused())
        .limit(FORGOTTEN_AT_ONCE)
        .to_owned();
    if store.connection.get_database_backend() == DbBackend::Postgres {
        // Two nodes that forget at once do not wait for each other.
        unused.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    // Looked at again: a key may have been counted meanwhile.
    let forget = Query::delete()
        .from_table(throttle::Entity)
        .and_where(Expr::tuple(key.map(Expr::col)).in_subquery(unused))
        .and_where(is_unused())
        .to_owned();
    let _turn = store.turn_to_write().await?;
    Ok(store.connection.execute(&forget).await?.rows_affected())
}
