//! The PostgreSQL server of a test run: the one `TEST_DATABASE_URL` names, or a throw-away one that is
//! started from the installed binaries, listens on a socket in the run's directory and ends with the run.
//!
//! It trusts whoever reaches the socket and does not keep its data safe; never point anything else at it.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use tempfile::TempDir;

use crate::run::RunLock;

/// Names a running server for tests to use, by the URL of a database from which others may be created.
const URL_VARIABLE: &str = "TEST_DATABASE_URL";

/// The oldest PostgreSQL that the project supports.
const OLDEST_VERSION: u32 = 15;

/// Where distributions keep each installed version: a folder, and how the names in it begin that hold a `bin`.
const INSTALLATIONS: &[(&str, &str)] = &[
    ("/usr/lib/postgresql", ""),
    ("/opt/homebrew/opt", "postgresql@"),
    ("/usr/local/opt", "postgresql@"),
    ("/usr", "pgsql-"),
];

const MISSING: &str = "PostgreSQL 15 or newer was not found. Install the server (Debian and Ubuntu: `apt-get install \
postgresql`; Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql@17`), or set \
TEST_DATABASE_URL to the URL of a running server and a role that may create databases";

/// Speed over safety: the data is thrown away anyhow.
const SETTINGS: &str = "
listen_addresses = ''
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
timezone = 'UTC'
";

/// For a server that is restarted without a warning.
const SAFE: &str = "
fsync = on
synchronous_commit = on
full_page_writes = on
";

/// The URL of a database of the run's server from which others may be created. Starts the server if no
/// test of the run has done so.
pub(crate) fn server_url(lock: &RunLock) -> io::Result<String> {
    if let Some(url) = configured_url() {
        return Ok(url);
    }
    let server = Server {
        directory: lock.directory().join("postgres"),
    };
    if !server.is_running() {
        server.start()?;
    }
    Ok(server.url())
}

/// Everything in a database as `pg_dump` writes it.
pub(crate) fn dump(url: &str) -> io::Result<Vec<u8>> {
    let mut command = Command::new(find_binaries()?.join("pg_dump"));
    command.arg("--dbname").arg(url);
    let output = command
        .output()
        .map_err(|error| describe(&command, &error.to_string()))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(describe(&command, &String::from_utf8_lossy(&output.stderr)))
    }
}

/// The same server, another database.
pub(crate) fn with_database(url: &str, database: &str) -> String {
    let (address, query) = url
        .split_once('?')
        .map_or((url, None), |(address, query)| (address, Some(query)));
    let authority = address.find("://").map_or(0, |at| at + 3);
    let host_end = address
        .get(authority..)
        .and_then(|rest| rest.find('/'))
        .map_or(address.len(), |at| authority + at);
    let server = address.get(..host_end).unwrap_or(address);
    match query {
        Some(query) => format!("{server}/{database}?{query}"),
        None => format!("{server}/{database}"),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are not configured by the server's configuration"
)]
fn configured_url() -> Option<String> {
    std::env::var(URL_VARIABLE)
        .ok()
        .filter(|url| !url.is_empty())
}

#[derive(Debug)]
struct Server {
    directory: PathBuf,
}

impl Server {
    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn url(&self) -> String {
        format!(
            "postgres://postgres@localhost/postgres?host={}",
            self.directory.display()
        )
    }

    /// The server writes this file when it starts and removes it when it ends; the janitor removes the
    /// directory of a server that was killed.
    fn is_running(&self) -> bool {
        self.data().join("postmaster.pid").exists()
    }

    fn start(&self) -> io::Result<()> {
        fs::create_dir_all(&self.directory)?;
        if self.is_of_root()? {
            run(Command::new("chown").arg("postgres:").arg(&self.directory))?;
        }
        run(self
            .command("initdb")?
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale",
            ])
            .args(["--no-sync", "--no-instructions", "--pgdata"])
            .arg(self.data()))?;
        let mut configuration = OpenOptions::new()
            .append(true)
            .open(self.data().join("postgresql.conf"))?;
        writeln!(
            configuration,
            "{SETTINGS}unix_socket_directories = '{}'",
            self.directory.display()
        )?;
        self.control(&["start"])
    }

    /// Runs `pg_ctl`, and waits until it is done.
    fn control(&self, arguments: &[&str]) -> io::Result<()> {
        run(self
            .command("pg_ctl")?
            .args(arguments)
            .args(["--wait", "--silent", "--pgdata"])
            .arg(self.data())
            .arg("--log")
            .arg(self.directory.join("log")))
    }

    fn is_of_root(&self) -> io::Result<bool> {
        let parent = self.directory.parent().unwrap_or(&self.directory);
        Ok(fs::metadata(parent)?.uid() == 0)
    }

    /// One of PostgreSQL's programs, which refuse to run as root.
    fn command(&self, program: &str) -> io::Result<Command> {
        let path = find_binaries()?.join(program);
        let mut command = if self.is_of_root()? {
            let mut command = Command::new("setpriv");
            command.args([
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "--",
            ]);
            command.arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(&self.directory);
        Ok(command)
    }
}

/// A server of its own for a test that restarts it. It is ended without ceremony when the last of its handles is dropped.
#[derive(Clone, Debug)]
pub struct Cluster {
    server: Arc<OwnServer>,
}

#[derive(Debug)]
struct OwnServer {
    server: Server,
    _directory: TempDir,
}

impl Cluster {
    /// Starts one, which keeps its data safe, other than that of the run.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not start.
    pub fn start() -> io::Result<Self> {
        let directory = TempDir::new()?;
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755))?;
        let server = Server {
            directory: directory.path().join("postgres"),
        };
        server.start()?;
        let cluster = Self {
            server: Arc::new(OwnServer {
                server,
                _directory: directory,
            }),
        };
        let mut configuration = OpenOptions::new()
            .append(true)
            .open(cluster.server.server.data().join("postgresql.conf"))?;
        writeln!(configuration, "{SAFE}")?;
        cluster.restart()?;
        Ok(cluster)
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        self.server.server.url()
    }

    /// The socket on which it listens.
    pub fn socket(&self) -> PathBuf {
        self.server.server.directory.join(".s.PGSQL.5432")
    }

    /// Ends it as if the machine had lost power, and starts it again; returns when it takes connections.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&self) -> io::Result<()> {
        self.server.server.control(&["restart", "--mode=immediate"])
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let stopped = self.server.control(&["stop", "--mode=immediate"]);
        if !thread::panicking() {
            stopped.unwrap();
        }
    }
}

/// The folder of the newest installed PostgreSQL that is new enough.
fn find_binaries() -> io::Result<PathBuf> {
    let mut candidates = Vec::new();
    for (parent, prefix) in INSTALLATIONS {
        let Ok(entries) = fs::read_dir(parent) else {
            continue;
        };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(prefix) {
                candidates.push(entry.path().join("bin"));
            }
        }
    }
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        candidates.push(PathBuf::from(
            String::from_utf8_lossy(&output.stdout).trim(),
        ));
    }
    candidates
        .into_iter()
        .filter_map(|folder| version(&folder).map(|version| (version, folder)))
        .filter(|(version, _)| *version >= OLDEST_VERSION)
        .max()
        .map(|(_, folder)| folder)
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, MISSING))
}

/// The major version of the server in a folder, from `postgres (PostgreSQL) 17.2 …`.
fn version(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split_whitespace().nth(2)?;
    number
        .split(|character: char| !character.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// Runs a command to its end; an exit code other than zero is an error with what the command said.
fn run(command: &mut Command) -> io::Result<()> {
    let output = command
        .output()
        .map_err(|error| describe(command, &error.to_string()))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(describe(command, &String::from_utf8_lossy(&output.stderr)))
    }
}

fn describe(command: &Command, what: &str) -> io::Error {
    let program = command.get_program().to_string_lossy();
    let arguments: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    io::Error::other(format!("`{program} {}`: {what}", arguments.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server_keeps_the_rest_of_the_url() {
        let by_socket = "postgres://postgres@localhost/postgres?host=/tmp/run/postgres";
        assert_eq!(
            with_database(by_socket, "one"),
            "postgres://postgres@localhost/one?host=/tmp/run/postgres"
        );
        assert_eq!(
            with_database("postgres://me:pw@db:5433/postgres", "one"),
            "postgres://me:pw@db:5433/one"
        );
        assert_eq!(
            with_database("postgres://me@db", "one"),
            "postgres://me@db/one"
        );
    }
}
