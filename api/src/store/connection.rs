//! Connections to SQLite and PostgreSQL with the settings the marketplace relies on.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, sqlx};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::change_signal::ChangeSignal;
use super::job_signal::JobSignal;
use super::reach::Reach;

/// A connection that comes back to the pool and does not answer for so long is closed: longer than a statement may take that
/// nobody waits for any more.
const LONGEST_RETURN: Duration = Duration::from_secs(6);
/// One that came back no longer ago is taken to be well.
const UNTESTED: Duration = Duration::from_millis(500);

/// A pool of connections.
#[derive(Clone, Debug)]
pub struct Store {
    /// For reading; writing goes through [`super::transaction::begin_write`].
    pub connection: DatabaseConnection,
    /// SQLite has one writer at a time: waiting here is fair, waiting in its busy handler is not.
    writers: Option<Arc<Semaphore>>,
    /// Wakes the worker when a job was committed on this node.
    pub job_signal: JobSignal,
    /// Whether it can be reached, where somebody watches.
    pub reach: Reach,
    /// Wakes who follows something here when what it is read from was committed.
    pub changes: ChangeSignal,
}

/// Whether the database at `url` can be reached, told at once: a pool tries again for as long as it may wait, and knows
/// then only that it waited. An SQLite file is not looked at.
///
/// # Errors
/// Why the database refuses the connection, or that it does not answer within `patience`.
pub async fn look(url: &SecretString, patience: Duration) -> anyhow::Result<()> {
    let url = url.expose_secret();
    if url.starts_with("sqlite:") {
        return Ok(());
    }
    let options = PgConnectOptions::from_str(url)?;
    let connection = timeout(patience, PgConnection::connect_with(&options))
        .await
        .with_context(|| format!("the database does not answer within {patience:?}"))?
        .context("cannot open the database")?;
    connection.close().await?;
    Ok(())
}

/// The file of an SQLite database, whether it is there or not; none for other databases.
pub fn sqlite_file(url: &SecretString) -> Option<PathBuf> {
    let path = url.expose_secret().strip_prefix("sqlite:")?;
    let path = path.trim_start_matches("//");
    let file = path.split('?').next().unwrap_or(path);
    Some(PathBuf::from(file))
}

impl Store {
    /// Wraps an open connection.
    pub fn new(connection: DatabaseConnection) -> Self {
        let writers = (connection.get_database_backend() == DbBackend::Sqlite)
            .then(|| Arc::new(Semaphore::new(1)));
        Self {
            connection,
            writers,
            job_signal: JobSignal::default(),
            reach: Reach::default(),
            changes: ChangeSignal::default(),
        }
    }

    /// Waits for one's turn to write, where the database has one writer at a time.
    pub(super) async fn turn_to_write(&self) -> Result<Option<OwnedSemaphorePermit>, DbErr> {
        let Some(writers) = &self.writers else {
            return Ok(None);
        };
        let turn = writers.clone().acquire_owned().await;
        turn.map(Some)
            .map_err(|closed| DbErr::Custom(closed.to_string()))
    }

    /// Opens the database at `url`, creating an SQLite file (and its folder) when there is none.
    ///
    /// SQLite: WAL, foreign keys, `synchronous=FULL`, `secure_delete`, busy timeout 5 s. PostgreSQL: statement timeout 5 s.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(url: &SecretString, max_connections: u32) -> anyhow::Result<Self> {
        let mut options = ConnectOptions::new(url.expose_secret());
        options
            .max_connections(max_connections)
            .connect_timeout(Duration::from_secs(5))
            .acquire_timeout(Duration::from_secs(5))
            .sqlx_logging(false)
            .statement_timeout(Duration::from_secs(5));
        if let Some(file) = sqlite_file(url) {
            if let Some(folder) = file.parent() {
                tokio::fs::create_dir_all(folder).await.with_context(|| {
                    format!("cannot make the database's folder {}", folder.display())
                })?;
            }
            // A transaction that SQLite itself rolled back, as it does on a full disk, counts as open for ever: the driver's own
            // roll-back fails. Whatever the connection commits from then on would be part of it, and lost.
            options.map_sqlx_sqlite_pool_opts(|pool| {
                pool.before_acquire(|connection, _| {
                    let is_clean = !connection.is_in_transaction();
                    Box::pin(async move { Ok(is_clean) })
                })
            });
            // Set upon what is given, which logs no statement already.
            options.map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    // What is deleted is overwritten, so that an erased person is not in the file any more.
                    .pragma("secure_delete", "ON")
                    .busy_timeout(Duration::from_secs(5))
            });
        }
        options.map_sqlx_postgres_pool_opts(|pool| {
            // Whoever used it may have given up on an answer. The pool waits for it without end, and keeps the connection's place
            // for as long: after a failover, until the system itself gives the connection up, a quarter of an hour later.
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    match timeout(LONGEST_RETURN, connection.ping()).await {
                        Ok(answered) => answered.map(|()| true),
                        Err(_) => Err(sqlx::Error::Io(ErrorKind::TimedOut.into())),
                    }
                })
            })
            // As one was answered when it came back, it is asked again only after it has lain idle.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for > UNTESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
        });
        let connection = Database::connect(options)
            .await
            .context("cannot open the database")?;
        Ok(Self::new(connection))
    }
}
