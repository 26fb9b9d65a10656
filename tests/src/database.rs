//! A database of its own for each test, made by copying a migrated template and dropped with the test.

use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::fs;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::thread;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};
use tempfile::TempDir;

use crate::postgres::{dump, server_url, with_database};
use crate::run::RunLock;

/// An SQLite database's file, in a directory of its own.
const FILE: &str = "marketplace.sqlite";

type Failure = Box<dyn Error + Send + Sync>;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database of the run's server.
    Postgres,
}

/// A database that belongs to one test.
#[derive(Debug)]
pub struct TestDatabase {
    /// What a program connects with.
    pub url: String,
    /// A pool of the test's own, beside any that the program under test opens.
    pub connection: DatabaseConnection,
    storage: Storage,
}

/// Where the data lies, which is removed on drop.
#[derive(Debug)]
enum Storage {
    File { directory: TempDir },
    Database { server_url: String, name: String },
}

impl TestDatabase {
    /// A database with the whole schema and no rows.
    ///
    /// # Panics
    ///
    /// When there is no such database to be had; the message says what to install.
    pub async fn new(backend: Backend) -> Self {
        let database = match backend {
            Backend::Sqlite => sqlite(Content::Schema).await,
            Backend::Postgres => postgres(Content::Schema).await,
        };
        database.unwrap_or_else(|error| panic!("a test database on {backend:?}: {error}"))
    }

    /// A database without any table.
    ///
    /// # Panics
    ///
    /// As [`TestDatabase::new`].
    pub async fn empty(backend: Backend) -> Self {
        let database = match backend {
            Backend::Sqlite => sqlite(Content::Nothing).await,
            Backend::Postgres => postgres(Content::Nothing).await,
        };
        database.unwrap_or_else(|error| panic!("an empty test database on {backend:?}: {error}"))
    }

    /// Everything that is stored, as it lies on the disk or in a backup: SQLite's file with its write-ahead log, or what
    /// `pg_dump` writes of PostgreSQL's.
    ///
    /// # Panics
    ///
    /// When it cannot be read.
    pub fn bytes(&self) -> Vec<u8> {
        match &self.storage {
            Storage::File { directory } => {
                let mut bytes = Vec::new();
                for entry in fs::read_dir(directory.path()).unwrap() {
                    bytes.extend(fs::read(entry.unwrap().path()).unwrap());
                }
                bytes
            }
            Storage::Database { .. } => dump(&self.url).unwrap(),
        }
    }

    /// A database with the same rows. Nobody may be connected to this one, this value's own pool included.
    ///
    /// # Panics
    ///
    /// When somebody is, or as [`TestDatabase::new`].
    pub async fn copy(&self) -> Self {
        let copy = match &self.storage {
            Storage::File { directory } => copy_file(directory.path()).await,
            Storage::Database { server_url, name } => copy_database(server_url, name).await,
        };
        copy.unwrap_or_else(|error| panic!("a copy of a test database: {error}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Storage::Database { server_url, name } = &self.storage else {
            return;
        };
        let (server_url, name) = (server_url.clone(), name.clone());
        // A runtime cannot wait inside another one, so the statement gets a thread of its own.
        let dropping = thread::spawn(move || -> Result<(), Failure> {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let statement = format!("DROP DATABASE \"{name}\" WITH (FORCE)");
            Ok(runtime.block_on(execute(&server_url, &statement))?)
        });
        let outcome = dropping.join();
        if !thread::panicking() {
            let is_dropped = matches!(outcome, Ok(Ok(())));
            assert!(
                is_dropped,
                "the test's database could not be dropped: {outcome:?}"
            );
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Nothing,
    Schema,
}

async fn sqlite(content: Content) -> Result<TestDatabase, Failure> {
    let (directory, template) = {
        let lock = acquire_lock().await?;
        let template = match content {
            Content::Schema => Some(sqlite_template(&lock).await?),
            Content::Nothing => None,
        };
        (TempDir::new_in(lock.directory())?, template)
    };
    if let Some(template) = template {
        fs::copy(template, directory.path().join(FILE))?;
    }
    file_in(directory).await
}

async fn file_in(directory: TempDir) -> Result<TestDatabase, Failure> {
    let url = format!(
        "sqlite://{}?mode=rwc",
        directory.path().join(FILE).display()
    );
    let connection = connect(&url).await?;
    Ok(TestDatabase {
        url,
        connection,
        storage: Storage::File { directory },
    })
}

async fn copy_file(original: &Path) -> Result<TestDatabase, Failure> {
    // What is not in the file yet would be lost.
    let log = original.join(format!("{FILE}-wal"));
    if log.exists() {
        return Err(format!("somebody is connected: there is {}", log.display()).into());
    }
    let directory = TempDir::new_in(acquire_lock().await?.directory())?;
    fs::copy(original.join(FILE), directory.path().join(FILE))?;
    file_in(directory).await
}

async fn postgres(content: Content) -> Result<TestDatabase, Failure> {
    let (server_url, template) = {
        let lock = acquire_lock().await?;
        let server_url = server_url(&lock)?;
        let template = match content {
            Content::Schema => postgres_template(&lock, &server_url).await?,
            Content::Nothing => "template0".to_owned(),
        };
        (server_url, template)
    };
    copy_database(&server_url, &template).await
}

async fn copy_database(server_url: &str, template: &str) -> Result<TestDatabase, Failure> {
    let name = format!(
        "marketplace_test_{:016x}",
        RandomState::new().build_hasher().finish()
    );
    execute(
        server_url,
        &format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""),
    )
    .await?;
    let url = with_database(server_url, &name);
    let connection = connect(&url).await?;
    Ok(TestDatabase {
        url,
        connection,
        storage: Storage::Database {
            server_url: server_url.to_owned(),
            name,
        },
    })
}

/// A migrated file to copy, made by the first test of the run that asks.
async fn sqlite_template(lock: &RunLock) -> Result<PathBuf, Failure> {
    let template = lock.directory().join("template.sqlite");
    if !template.exists() {
        let building = lock.directory().join("template.sqlite.building");
        migrate(&format!("sqlite://{}?mode=rwc", building.display())).await?;
        fs::rename(building, &template)?;
    }
    Ok(template)
}

/// A migrated database to copy, made by the first test of the run that asks. It is named after the schema,
/// so that a server that serves many runs never copies an old one.
async fn postgres_template(lock: &RunLock, server_url: &str) -> Result<String, Failure> {
    let name = format!(
        "marketplace_template_{:016x}",
        schema_fingerprint(&sqlite_template(lock).await?).await?
    );
    let server = connect(server_url).await?;
    let known = Statement::from_sql_and_values(
        server.get_database_backend(),
        "SELECT 1 FROM pg_database WHERE datname = $1",
        [name.as_str().into()],
    );
    if server.query_one_raw(known).await?.is_none() {
        let building = format!("{name}_building");
        server
            .execute_unprepared(&format!(
                "DROP DATABASE IF EXISTS \"{building}\" WITH (FORCE)"
            ))
            .await?;
        server
            .execute_unprepared(&format!(
                "CREATE DATABASE \"{building}\" TEMPLATE template0"
            ))
            .await?;
        migrate(&with_database(server_url, &building)).await?;
        server
            .execute_unprepared(&format!(
                "ALTER DATABASE \"{building}\" RENAME TO \"{name}\""
            ))
            .await?;
    }
    server.close().await?;
    Ok(name)
}

/// A number that changes with the statements that made the schema.
async fn schema_fingerprint(sqlite: &Path) -> Result<u64, Failure> {
    let connection = connect(&format!("sqlite://{}?mode=ro", sqlite.display())).await?;
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
    );
    let mut hasher = DefaultHasher::new();
    for row in connection.query_all_raw(statement).await? {
        row.try_get_by_index::<String>(0)?.hash(&mut hasher);
    }
    connection.close().await?;
    Ok(hasher.finish())
}

async fn migrate(url: &str) -> Result<(), DbErr> {
    let connection = connect(url).await?;
    Migrator::up(&connection, None).await?;
    connection.close().await
}

async fn execute(url: &str, statement: &str) -> Result<(), DbErr> {
    let connection = connect(url).await?;
    connection.execute_unprepared(statement).await?;
    connection.close().await
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    Database::connect(options).await
}

async fn acquire_lock() -> Result<RunLock, Failure> {
    Ok(tokio::task::spawn_blocking(RunLock::acquire).await??)
}

/// Writes a test twice, once per database: `on_both_databases!(async fn it_holds(backend) { … })` becomes
/// `it_holds::on_sqlite` and `it_holds::on_postgresql`.
#[macro_export]
macro_rules! on_both_databases {
    ($(async fn $name:ident($backend:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing from the module around it")]
            use super::*;

            async fn run($backend: $crate::database::Backend) $body

            #[tokio::test]
            async fn on_sqlite() {
                run($crate::database::Backend::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                run($crate::database::Backend::Postgres).await;
            }
        }
    )+};
}
