//! Background work, looked at by whoever has the server.

use std::io::Write as _;
use std::process::Stdio;

use tempfile::TempDir;

use super::{program, run, stderr, stdout};

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
