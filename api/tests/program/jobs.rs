//! Background work, looked at by whoever has the server.

use tempfile::TempDir;

use super::{run, stderr, stdout};

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
