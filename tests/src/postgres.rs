//! The PostgreSQL server of a test run: the one `TEST_DATABASE_URL` names, or a throw-away one that is
//! started from the installed binaries, listens on a socket in the run's directory and ends with the run.
//!
//! It trusts whoever reaches the socket and does not keep its data safe; never point anything else at it.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

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
        let binaries = find_binaries()?;
        fs::create_dir_all(&self.directory)?;
        let is_root = fs::metadata(&self.directory)?.uid() == 0;
        if is_root {
            run(Command::new("chown").arg("postgres:").arg(&self.directory))?;
        }
        let command = |program: &str| {
            // PostgreSQL refuses to run as root.
            let mut command = if is_root {
                let mut command = Command::new("setpriv");
                command.args([
                    "--reuid=postgres",
                    "--regid=postgres",
                    "--init-groups",
                    "--",
                ]);
                command.arg(binaries.join(program));
                command
            } else {
                Command::new(binaries.join(program))
            };
            command.current_dir(&self.directory);
            command
        };
        run(command("initdb")
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
        run(command("pg_ctl")
            .args(["start", "--wait", "--silent", "--pgdata"])
            .arg(self.data())
            .arg("--log")
            .arg(self.directory.join("log")))?;
        Ok(())
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
