//! The program itself, as Cargo built it, in a process that can be killed.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::settable_clock::SettableClock;

/// A running program; killed on drop.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Where it runs: what it writes by default is not to be in anybody's way.
    _folder: TempDir,
}

impl Program {
    /// Starts a subcommand with settings, whose keys are without the prefix `MARKETPLACE_`, and errors in the log alone.
    pub fn start(subcommand: &str, settings: &[(&str, &str)]) -> Self {
        Self::start_under(None, subcommand, settings)
    }

    /// The same with a clock other than the machine's.
    pub fn start_under(
        clock: Option<&SettableClock>,
        subcommand: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new(executable());
        command
            .arg(subcommand)
            .current_dir(folder.path())
            .env_clear()
            .env("MARKETPLACE_LOG", "error")
            .stdout(Stdio::null());
        for (key, value) in settings {
            command.env(format!("MARKETPLACE_{key}"), value);
        }
        command.envs(clock.into_iter().flat_map(SettableClock::environment));
        Self {
            child: command.spawn().unwrap(),
            _folder: folder,
        }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it by SIGKILL, and returns when it is gone. It must be running: a program that ended by itself was not killed.
    pub fn kill(mut self) {
        let ended = self.child.try_wait().unwrap();
        assert_eq!(ended, None, "the program ended before it was killed");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may be gone already, as after `kill`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo puts tests and benches into `deps`, beside the program.
pub(crate) fn executable() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let path = own.parent().unwrap().with_file_name("marketplace");
    assert!(
        path.exists(),
        "{} is missing: run `cargo build --package api` with the same profile first",
        path.display()
    );
    path
}
