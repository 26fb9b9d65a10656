//! Background work, looked at by whoever has the server.

use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use api::jobs::Job as _;
use api::jobs::expire_vettings::ExpireVettings;
use chrono::{DateTime, Utc};
use entity::id::JobId;
use entity::job::{self, JobState};
use sea_orm::{ActiveModelTrait as _, Database, IntoActiveModel as _};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::{program, run, start, stderr, stdout};

#[test]
fn what_was_given_up_is_listed_and_taken_up_again_from_the_command_line() {
    let folder = TempDir::new().unwrap();
    assert!(run(&folder, &[], &["migrate"]).status.success());
    let jobs = |arguments: &[&str]| run(&folder, &[], &[&["jobs"], arguments].concat());
    assert_eq!(stdout(&jobs(&["list"])), "", "{}", stderr(&jobs(&["list"])));
    assert_eq!(
        stdout(&jobs(&["status"])),
        "ready    0\nrunning  0\ndone     0\ndead     0\n"
    );
    assert_eq!(
        stdout(&jobs(&["retry", "--all"])),
        "0 of 0 are taken up again.\n"
    );
    for (arguments, told) in [
        (
            &["retry", "x"][..],
            "this is no job's id; `marketplace jobs list` prints them",
        ),
        (&["retry"], "required"),
        (&["retry", "--kind", "send_mail"], "--all"),
        (&["retry", "--all", "x"], "cannot be used with"),
        (&["discard", "job_00000000000000000000000000"], "not found"),
    ] {
        let refused = jobs(arguments);
        assert!(!refused.status.success(), "{arguments:?}");
        let words = stderr(&refused).to_lowercase();
        assert!(words.contains(told), "{arguments:?}: {words}");
    }
}

/// A job that was given up, in the database of `folder`.
async fn give_one_up(folder: &TempDir) {
    let path = folder.path().join("run/marketplace.db");
    let database = Database::connect(format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    let then: DateTime<Utc> = "2026-11-21T15:00:00Z".parse().unwrap();
    job::Model {
        id: JobId::new(Uuid::from_u128(0x0192_f3c4_0000_7000_8000_0000_0000_0001)),
        kind: ExpireVettings::KIND.to_owned(),
        payload: json!({}),
        state: JobState::Dead,
        priority: 5,
        run_at: then,
        attempts: 10,
        max_attempts: 10,
        lease_token: None,
        leased_until: None,
        last_error: Some("given up: the disk was full".to_owned()),
        unique_key: None,
        lane: None,
        created_at: then,
        finished_at: Some(then),
    }
    .into_active_model()
    .insert(&database)
    .await
    .unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_job_that_was_given_up_is_listed_taken_up_again_and_done() {
    let folder = TempDir::new().unwrap();
    assert!(run(&folder, &[], &["migrate"]).status.success());
    give_one_up(&folder).await;
    let jobs = |arguments: &[&str]| run(&folder, &[], &[&["jobs"], arguments].concat());
    let status = || stdout(&jobs(&["status"]));
    let listed = stdout(&jobs(&["list"]));
    let id = listed
        .split_whitespace()
        .find(|word| word.starts_with("job_"))
        .unwrap();
    assert!(
        listed.contains("expire_vettings") && listed.contains("the disk was full"),
        "{listed}"
    );
    assert_eq!(status(), "ready    0\nrunning  0\ndone     0\ndead     1\n");
    assert!(stdout(&jobs(&["list", "--kind", "send_mail"])).is_empty());

    let retried = jobs(&["retry", id]);
    assert!(retried.status.success(), "{}", stderr(&retried));
    assert_eq!(status(), "ready    1\nrunning  0\ndone     0\ndead     0\n");
    let again = jobs(&["retry", id]);
    assert!(!again.status.success(), "it was taken up already");
    let (server, _) = start(&folder, "serve");
    let begin = Instant::now();
    let done = || {
        stdout(&jobs(&[
            "list",
            "--state",
            "done",
            "--kind",
            "expire_vettings",
        ]))
    };
    while !done().contains(id) {
        assert!(begin.elapsed() < Duration::from_mins(1), "{}", status());
    }
    drop(server);
    assert!(status().contains("dead     0"), "{}", status());
}

/// What `marketplace mail report` says to a message on its standard input, and ends with.
fn report(folder: &TempDir, settings: &[(&str, &str)], message: &str) -> (Option<i32>, String) {
    let mut child = program(folder, settings, &["mail", "report"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that fails before it reads closes its end.
    let _ = child.stdin.take().unwrap().write_all(message.as_bytes());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), stdout(&output) + &stderr(&output))
}

#[test]
fn a_mail_server_hands_a_report_in_again_only_when_that_is_of_use() {
    let folder = TempDir::new().unwrap();
    let bounce = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n";
    let (code, told) = report(&folder, &[], bounce);
    assert_eq!(code, Some(75), "without a database: {told}");
    assert!(told.contains("there is no database at"), "{told}");
    assert!(!folder.path().join("run").exists(), "and none is made");
    let (code, told) = report(&folder, &[("OFFER_DAYS", "0")], bounce);
    assert_eq!(code, Some(75), "{told}");

    assert!(run(&folder, &[], &["migrate"]).status.success());
    let (code, told) = report(&folder, &[], bounce);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("no mail that is known here"), "{told}");
    for (message, why) in [
        (
            "Subject: Out of office\r\n\r\nBack on Monday",
            "no delivery status notification",
        ),
        (&*"x".repeat(256 * 1024 + 1), "longer than 256 KiB"),
    ] {
        let (code, told) = report(&folder, &[], message);
        assert_eq!(code, Some(0), "nobody is to be written to about it: {told}");
        assert!(
            told.contains("Nothing was done") && told.contains(why),
            "{told}"
        );
    }
    // From a file it is a person who asks.
    std::fs::write(folder.path().join("spam.eml"), "Subject: x\r\n\r\nx").unwrap();
    let refused = run(&folder, &[], &["mail", "report", "spam.eml"]);
    assert_eq!(refused.status.code(), Some(1));
    let missing = run(&folder, &[], &["mail", "report", "none.eml"]);
    assert!(stderr(&missing).contains("cannot read none.eml"));
}
