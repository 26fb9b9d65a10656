//! Tells other nodes on PostgreSQL what was committed on this one, and those who follow here what was committed there, by
//! NOTIFY and LISTEN. A payload is a topic and who says it, and nothing of what changed.
//!
//! Hints are sent after the commit, by one task a node: in the writing transaction each would take a lock on the whole server.
//! They may be lost, with a node or with a connection: polling is the truth, and who comes to hear again looks once.

use std::convert::Infallible;
use std::str::FromStr as _;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sea_orm::sqlx::{self, Row as _};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::change_signal::Topic;
use super::connection::Store;

/// Where nodes hear each other.
const CHANNEL: &str = "marketplace_changes";
/// How the connection that listens is called in the database's list of connections.
pub const APPLICATION: &str = "marketplace hints";
/// What a node says to itself, to know whether what is said is handed on.
const HEARTBEAT: &str = "heartbeat";
/// How long a connection may take to open.
const PATIENCE: Duration = Duration::from_secs(5);
/// Before connecting again, the first time and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_mins(5));

/// How often a node speaks.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two hints of a topic, however much is committed.
    pub hints: Duration,
    /// Between two heartbeats.
    pub heartbeats: Duration,
    /// How long a heartbeat may be on its way.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            hints: Duration::from_millis(250),
            heartbeats: Duration::from_secs(30),
            patience: Duration::from_secs(5),
        }
    }
}

/// Why a node does not hear the others.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("the connection that listens has ended")]
    Ended,
    #[error(
        "what is notified is not handed on, as behind PgBouncer in transaction mode; changes on other servers are found by polling"
    )]
    Silent,
    #[error(transparent)]
    Listening(#[from] sqlx::Error),
    #[error(transparent)]
    Telling(#[from] DbErr),
}

/// Tells and listens until `stop` is cancelled; on SQLite it does nothing. `url` is the database's.
pub async fn run(store: Store, url: SecretString, pace: Pace, stop: CancellationToken) {
    if store.connection.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let (mut pause, mut is_told) = (PAUSES.0, false);
    loop {
        let mut hears = false;
        let lost = tokio::select! {
            () = stop.cancelled() => return,
            Err(lost) = relay(&store, &url, pace, &mut hears) => lost,
        };
        if hears {
            (pause, is_told) = (PAUSES.0, false);
        }
        // Once, for as long as nothing is heard: nothing is lost but time, and where nothing is ever handed on it stays so.
        if std::mem::replace(&mut is_told, true) {
            tracing::debug!(cause = %lost, "still no hints from other servers");
        } else {
            tracing::warn!(cause = %lost, "no hints from other servers; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(pause) => pause = (pause * 2).min(PAUSES.1),
        }
    }
}

/// Tells and listens until that fails; `hears` as soon as it is known that what is said arrives.
async fn relay(
    store: &Store,
    url: &SecretString,
    pace: Pace,
    hears: &mut bool,
) -> Result<Infallible, Lost> {
    let options = PgConnectOptions::from_str(url.expose_secret())?.application_name(APPLICATION);
    // A connection of its own, so that those for requests are as many as the settings say.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    let process = sqlx::raw_sql("SELECT pg_backend_pid()");
    let own: i32 = process.fetch_one(&mut listener).await?.try_get(0)?;
    listener.listen(CHANNEL).await?;
    // Whatever was said while nobody listened here.
    for topic in Topic::ALL {
        store.changes.heard(topic);
    }
    let own = own.to_string();
    let (mut has_committed, mut next_hints) = (false, Instant::now());
    let (mut is_beating, mut next_beat) = (false, Instant::now());
    loop {
        tokio::select! {
            notification = listener.try_recv() => {
                let notification = notification?.ok_or(Lost::Ended)?;
                match notification.payload().split_once(' ') {
                    Some((HEARTBEAT, teller)) if teller == own => {
                        (is_beating, *hears) = (false, true);
                        next_beat = Instant::now() + pace.heartbeats;
                    }
                    Some((name, teller)) if teller != own => {
                        // A name that is not known is of a newer version.
                        let topics = Topic::ALL.into_iter();
                        for topic in topics.filter(|topic| topic.name() == name) {
                            store.changes.heard(topic);
                        }
                    }
                    _ => {}
                }
            }
            () = store.changes.committed_here(), if !has_committed => has_committed = true,
            () = sleep_until(next_hints), if has_committed => {
                has_committed = false;
                for topic in store.changes.to_be_told() {
                    tell(store, topic.name(), &own).await?;
                    next_hints = Instant::now() + pace.hints;
                }
            }
            () = sleep_until(next_beat) => {
                if is_beating {
                    return Err(Lost::Silent);
                }
                tell(store, HEARTBEAT, &own).await?;
                (is_beating, next_beat) = (true, Instant::now() + pace.patience);
            }
        }
    }
}

/// Over another connection than the one that listens: one that is shared between transactions could hear itself and nobody else.
async fn tell(store: &Store, what: &str, own: &str) -> Result<(), DbErr> {
    let payload = format!("{what} {own}");
    let values = [CHANNEL.into(), payload.into()];
    let notify =
        Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values);
    store.connection.execute_raw(notify).await?;
    Ok(())
}
