//! The disk under an SQLite database is full, and has room again: writes are refused for as long, reads go on, and nothing is
//! broken. The disk is a small one in memory, which only root can mount.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use api::graphql::id::encode;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::json;
use tempfile::TempDir;

use super::marketplace::Marketplace;
use super::server::{Answer, Server};
use super::server_under_kill::{APPROVE, judge};
use super::{Figure, Report, comes_about, count};
use crate::database::Backend;

const SIZE: &str = "size=64m";
/// Writes that are refused each time before there is room again; before each there is a read.
const TRIES: usize = 10;
/// Writes that are tried for it: the first ones find room in the write-ahead log, which is a few megabytes long.
const MOST_WRITES: usize = 300;
/// How soon a write succeeds once there is room.
const RECOVERY_SECONDS: f64 = 3.0;
const PATIENCE: Duration = Duration::from_secs(30);

const READ: &str = "{ viewer { id } }";

/// A disk of its own; unmounted on drop.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn mount() -> Self {
        let folder = TempDir::new().unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", SIZE, "tmpfs"])
            .arg(folder.path())
            .status()
            .unwrap();
        assert!(
            status.success(),
            "a disk in memory cannot be mounted: run this drill as root"
        );
        Self { folder }
    }

    fn filler(&self) -> PathBuf {
        self.folder.path().join("filler")
    }

    /// Takes all room that is left, to the last byte.
    fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        for size in [64 * 1_024, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whoever still has a file open keeps it until they are gone.
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.folder.path())
            .status();
    }
}

/// Fills the disk `times` times.
pub async fn run(times: usize) -> Vec<Figure> {
    let disk = Disk::mount();
    let file = disk.folder.path().join("marketplace.sqlite");
    let marketplace = Marketplace::new(&format!("sqlite://{}", file.display())).await;
    let token = marketplace.coordinator("coordinator").await;
    let mut pairings = marketplace.suggestions(times * (MOST_WRITES + 2)).await;
    let server = Server::start(&marketplace.settings());
    let client = server.client;
    let is_up = server.is_ready_after(PATIENCE).await;
    assert!(is_up.is_some(), "the server does not get ready");
    let connection = &marketplace.app.store.connection;
    let mut acknowledged = BTreeSet::new();
    let (mut refused, mut written, mut wrong, mut unread, mut broken) = (0, 0, 0, 0, 0);
    let mut times_refused = 0;
    let mut slowest = Duration::ZERO;
    for _ in 0..times {
        // A session notes its first use, which is a write.
        let before = pairings.pop().unwrap();
        let answer = client
            .graphql(&token, APPROVE, json!({ "id": encode(&before) }))
            .await;
        assert!(
            answer.as_ref().is_some_and(Answer::is_success),
            "{answer:?}"
        );
        acknowledged.insert(before);
        disk.fill();
        let refused_before = refused;
        for _ in 0..MOST_WRITES {
            if refused - refused_before == TRIES {
                break;
            }
            let id = pairings.pop().unwrap();
            let answer = client
                .graphql(&token, APPROVE, json!({ "id": encode(&id) }))
                .await;
            match answer {
                Some(answer) if answer.status == 503 => refused += 1,
                Some(answer) if answer.is_success() => {
                    acknowledged.insert(id);
                    written += 1;
                }
                other => {
                    eprintln!("a write on a full disk: {other:?}");
                    wrong += 1;
                }
            }
            let read = client.graphql(&token, READ, json!({})).await;
            unread += usize::from(!read.is_some_and(|answer| answer.is_success()));
        }
        times_refused += usize::from(refused > refused_before);
        disk.make_room();
        let begin = Instant::now();
        let id = pairings.pop().unwrap();
        let variables = json!({ "id": encode(&id) });
        let is_written = comes_about(PATIENCE, async || {
            let answer = client.graphql(&token, APPROVE, variables.clone()).await;
            answer.is_some_and(|answer| answer.is_success())
        })
        .await;
        if is_written {
            acknowledged.insert(id);
        }
        slowest = slowest.max(begin.elapsed());
        broken += usize::from(text_of(connection, "PRAGMA integrity_check").await != "ok");
    }

    let mut report = Report::new("full disk", Backend::Sqlite);
    report.exactly(
        "times that writes were refused by 503",
        times,
        times_refused,
    );
    report.exactly("writes answered by neither success nor 503", 0, wrong);
    report.told("writes refused", count(refused));
    report.told("writes that had room in the log", count(written));
    report.exactly("reads that failed", 0, unread);
    report.exactly("times the database was broken", 0, broken);
    report.at_most(
        "slowest recovery, s",
        RECOVERY_SECONDS,
        slowest.as_secs_f64(),
    );
    judge(&mut report, &marketplace, &acknowledged).await;
    server.kill();
    report.figures
}

async fn text_of(connection: &DatabaseConnection, question: &str) -> String {
    let question = Statement::from_string(connection.get_database_backend(), question);
    let row = connection.query_one_raw(question).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}
