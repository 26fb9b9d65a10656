//! A clock that can be put forward and back, for programs in processes of their own. They are told the time by libfaketime, which
//! stands before the C library's functions; how much time passes, they know from the machine.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use tempfile::TempDir;

/// Where distributions keep it: folders, below which it is in one named for the machine, or at once.
const INSTALLATIONS: [&str; 3] = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

/// The library for programs with several threads.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

const MISSING: &str =
    "libfaketime was not found. Install it (Debian and Ubuntu: `apt-get install faketime`)";

/// A clock, at the machine's time to begin with. All programs that are started under it follow it.
#[derive(Debug)]
pub struct SettableClock {
    library: PathBuf,
    folder: TempDir,
}

impl SettableClock {
    /// A clock of its own.
    ///
    /// # Panics
    /// When libfaketime is not installed.
    pub fn new() -> Self {
        let clock = Self {
            library: find_library().expect(MISSING),
            folder: TempDir::new().unwrap(),
        };
        clock.set(TimeDelta::zero());
        clock
    }

    /// Sets it to the machine's time and `ahead`, which may be negative, at once for all who follow it.
    pub fn set(&self, ahead: TimeDelta) {
        let next = self.folder.path().join("next");
        fs::write(&next, format!("{:+}\n", ahead.num_seconds())).unwrap();
        // Nobody reads half of it.
        fs::rename(next, self.file()).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ahead")
    }

    /// The environment of a program that follows it.
    pub(crate) fn environment(&self) -> [(&'static str, PathBuf); 5] {
        [
            ("LD_PRELOAD", self.library.clone()),
            ("FAKETIME_TIMESTAMP_FILE", self.file()),
            // The file is read each time.
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ]
    }
}

impl Default for SettableClock {
    fn default() -> Self {
        Self::new()
    }
}

fn find_library() -> Option<PathBuf> {
    let below = |folder: &str| {
        let folder = Path::new(folder);
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let named = entries.map(|entry| entry.path());
        named.chain([folder.to_owned()]).collect::<Vec<_>>()
    };
    INSTALLATIONS
        .into_iter()
        .flat_map(below)
        .map(|folder| folder.join(LIBRARY))
        .find(|library| library.exists())
}
