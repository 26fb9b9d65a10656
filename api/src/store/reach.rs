//! Whether the database can be reached, as somebody finds out who looks at it again and again over a connection of its own. While
//! it cannot, requests are refused at once: each that waited instead would take memory, and a place in the queue that the database
//! meets when it is back.
//!
//! A pool whose connections are all in use tells nothing of this, and a database that refuses something answers.

use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::{DbErr, RuntimeErr, sqlx};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(250);
/// A database that takes longer to answer nothing at all counts as silent.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known of it on this node. Clones share it. Where nobody watches, it counts as there.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    is_away: Arc<AtomicBool>,
}

impl Reach {
    /// Requires that the database can be reached, as far as is known.
    ///
    /// # Errors
    /// One that [`super::constraint::is_unavailable`] knows.
    pub fn require(&self) -> Result<(), DbErr> {
        if self.is_away.load(Ordering::Relaxed) {
            let reason = "the database cannot be reached".to_owned();
            return Err(DbErr::Conn(RuntimeErr::Internal(reason)));
        }
        Ok(())
    }

    /// Watches the database at `url` until `stop` is cancelled. An SQLite file is not looked at.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn watch(
        &self,
        url: &SecretString,
        stop: CancellationToken,
    ) -> anyhow::Result<impl Future<Output = ()> + Send + use<>> {
        let url = url.expose_secret();
        let options = if url.starts_with("sqlite:") {
            None
        } else {
            Some(PgConnectOptions::from_str(url)?)
        };
        let reach = self.clone();
        Ok(async move {
            let Some(options) = options else {
                return;
            };
            let mut watch = Watch {
                options,
                connection: None,
            };
            while !stop.is_cancelled() {
                reach.note(watch.look().await);
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(INTERVAL) => {}
                }
            }
        })
    }

    fn note(&self, look: Result<(), sqlx::Error>) {
        let was_away = self.is_away.swap(look.is_err(), Ordering::Relaxed);
        match look {
            Err(error) if !was_away => {
                tracing::error!(%error, "the database cannot be reached; requests are refused until it can");
            }
            Ok(()) if was_away => tracing::info!("the database can be reached again"),
            _ => {}
        }
    }
}

/// Whoever looks, with the connection of the last look.
struct Watch {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
}

impl Watch {
    /// Asks the database for an answer, whatever it is.
    async fn look(&mut self) -> Result<(), sqlx::Error> {
        if let Some(mut connection) = self.connection.take() {
            match timeout(PATIENCE, connection.ping()).await {
                Ok(Ok(())) => {
                    self.connection = Some(connection);
                    return Ok(());
                }
                // It may be this connection alone that ended.
                Ok(Err(_)) => {}
                Err(_) => return Err(silent()),
            }
        }
        match timeout(PATIENCE, self.connect()).await {
            Ok(Ok(connection)) => {
                self.connection = Some(connection);
                Ok(())
            }
            Ok(Err(error)) if is_answer(&error) => Ok(()),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(silent()),
        }
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.options).await?;
        // What stands between may have greeted us, and not the database.
        connection.ping().await?;
        Ok(connection)
    }
}

fn silent() -> sqlx::Error {
    sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())
}

/// Whether the database refuses us, such as when it has no connection left, and does not just start or end. Those of the pool
/// go on.
fn is_answer(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| !matches!(&*code, "57P01" | "57P02" | "57P03")),
        _ => false,
    }
}
