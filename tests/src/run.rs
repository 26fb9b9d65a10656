//! What all test processes of one run share: a directory, a lock, and a janitor who clears up.
//!
//! nextest gives every test a process of its own, so nothing in memory can be shared, and no test knows
//! that it is the last. A run is therefore known by the process that started it (nextest or cargo), and the
//! janitor, a small shell script, outlives the tests until that process is gone.

use std::fs::{self, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Waits for process `$1` to be gone, then ends the PostgreSQL server in `$2`, if any, and removes `$2`.
const JANITOR: &str = r#"
while kill -0 "$1" 2>/dev/null; do sleep 1; done
note="$2/postgres/data/postmaster.pid"
if server=$(head -n 1 "$note" 2>/dev/null); then
    kill -QUIT "$server"
    # A server that ended but was not collected by its parent still has a process id, though not the note.
    while [ -e "$note" ] && kill -0 "$server" 2>/dev/null; do sleep 1; done
fi
rm -rf "$2"
"#;

/// Held while something shared is being set up; let go on drop.
#[derive(Debug)]
pub(crate) struct RunLock {
    directory: PathBuf,
    _file: File,
}

impl RunLock {
    /// Waits until no other test of this run holds the lock. Blocks the thread.
    pub(crate) fn acquire() -> io::Result<Self> {
        let runner = parent_id();
        let directory = std::env::temp_dir().join(format!("marketplace-tests-{runner}"));
        fs::create_dir_all(&directory)?;
        // The server may run as another user, who must be able to come through.
        fs::set_permissions(&directory, Permissions::from_mode(0o755))?;
        let file = File::create(directory.join("lock"))?;
        file.lock()?;
        hire_janitor(runner, &directory)?;
        Ok(Self {
            directory,
            _file: file,
        })
    }

    /// The run's directory.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }
}

/// Starts the janitor unless there is one. The janitor's standard input is a locked file, so that the lock
/// lives exactly as long as the janitor; what is left by a run whose janitor was killed is removed first.
fn hire_janitor(runner: u32, directory: &Path) -> io::Result<()> {
    let badge = File::create(directory.join("janitor"))?;
    match badge.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    for left_behind in ["postgres", "template.sqlite"] {
        remove(&directory.join(left_behind))?;
    }
    Command::new("sh")
        .args(["-c", JANITOR, "janitor", &runner.to_string()])
        .arg(directory)
        .stdin(badge)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Neither an interrupt from the keyboard nor the runner's time limit may end it.
        .process_group(0)
        .spawn()?;
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    let result = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
