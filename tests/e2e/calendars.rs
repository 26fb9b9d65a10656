//! Calendars in mails, read by two programs of others: npm's ical.js and Python's icalendar, which must agree with each other and
//! with what was meant. The scripts are in `tests/conformance`.
//!
//! `scripts/setup node calendars` puts the programs into `target`; without them the tests fail and say so.

mod life;
mod text;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use crate::edge::conformance;

/// Where Python finds its packages.
const PYTHON: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../target/calendars/venv/bin/python"
);

const MISSING: &str = "Python's reader of calendars was not found; run: scripts/setup calendars";

/// An object to read.
#[derive(Clone, Debug, Serialize)]
struct Given {
    text: String,
    /// Starts before this moment are passed over.
    after: String,
}

/// What a program reads in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Read {
    method: String,
    components: Vec<String>,
    zones: Vec<String>,
    events: Vec<Event>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Event {
    uid: String,
    sequence: u32,
    status: String,
    summary: String,
    description: String,
    url: String,
    /// Address and name.
    organizer: (String, String),
    stamp: String,
    until: Option<String>,
    minutes: f64,
    /// The names of its properties in order, once for each time.
    properties: Vec<String>,
    /// The first five.
    starts: Vec<String>,
}

/// What an event has, and nothing else, whatever people wrote.
const PROPERTIES: [&str; 11] = [
    "description",
    "dtend",
    "dtstamp",
    "dtstart",
    "organizer",
    "rrule",
    "sequence",
    "status",
    "summary",
    "uid",
    "url",
];

/// Reads the objects by both programs, which must read the same.
async fn read(given: Vec<Given>) -> Vec<Read> {
    let count = given.len();
    let (by_node, by_python) = spawn_blocking(move || {
        let mut file = NamedTempFile::new().unwrap();
        serde_json::to_writer(&mut file, &given).unwrap();
        file.flush().unwrap();
        let path = file.path().to_str().unwrap().to_owned();
        let script = include_str!("../conformance/calendar.mjs");
        let by_node = conformance::run(script, std::slice::from_ref(&path));
        assert!(Path::new(PYTHON).is_file(), "{MISSING}");
        let by_python = Command::new(PYTHON)
            .args(["-c", include_str!("../conformance/calendar.py"), &path])
            .output()
            .expect(MISSING);
        (by_node, by_python)
    })
    .await
    .unwrap();
    let [by_node, by_python] = [by_node, by_python].map(|output| {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        serde_json::from_slice::<Vec<Read>>(&output.stdout).unwrap()
    });
    assert_eq!(by_node.len(), count);
    for (one, other) in by_node.iter().zip(&by_python) {
        assert_eq!(one, other);
    }
    assert_eq!(by_python.len(), count);
    by_node
}
