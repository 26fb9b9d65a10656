//! The counters of throttles, in the database: every node counts together, and no restart forgets.
//!
//! The generic cell rate algorithm (ITU-T I.371, annex A) keeps one moment for each key: the theoretical arrival time, at
//! which the next try would come if they came evenly. One guarded statement counts a try. It runs outside of transactions,
//! since what was tried was tried, whatever became of it.

use chrono::TimeDelta;
use entity::throttle;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ConnectionTrait as _, DbBackend, EntityTrait as _, Set};

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
    let turn = store.turn_to_write().await?;
    let counted = throttle::Entity::insert(first)
        .on_conflict(on_conflict)
        .exec_without_returning(&store.connection)
        .await?;
    drop(turn);
    if counted == 1 {
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
