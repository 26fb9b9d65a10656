//! The register of incidents, kept by whoever has the server.

use tempfile::TempDir;

use super::{run, stderr, stdout};

#[test]
fn the_register_of_incidents_is_kept_from_the_command_line() {
    let folder = TempDir::new().unwrap();
    assert!(run(&folder, &[], &["migrate"]).status.success());
    let incident = |arguments: &[&str]| run(&folder, &[], &[&["incident"], arguments].concat());
    let help = incident(&["add", "--help"]);
    assert!(stdout(&help).contains("Write no names, addresses or other personal values"));
    let kind = ["--kind", "unauthorized-disclosure"];
    let noticed = ["--noticed-on", "2026-01-20"];
    let words = ["--description", "A digest went to the wrong list."];
    let added = incident(&[&["add"], &kind[..], &noticed, &words].concat());
    assert!(added.status.success(), "{}", stderr(&added));
    assert!(
        stdout(&added).starts_with("Added. The register holds no names, addresses"),
        "{}",
        stdout(&added)
    );
    let open = stdout(&incident(&["list", "--open"]));
    let id = open.split_whitespace().next().unwrap().to_owned();
    assert!(id.starts_with("incident_"), "{open}");
    for part in [
        "open  unauthorized_disclosure  noticed 2026-01-20  people ?  risk unassessed",
        "A digest went to the wrong list.",
    ] {
        assert!(open.contains(part), "{part} is missing in\n{open}");
    }

    let close = ["close", &id, "--measures", "The list was mended."];
    let hasty = incident(&[&close[..], &["--risk", "serious"]].concat());
    assert!(!hasty.status.success());
    for field in ["people: ", "commissionerToldOn: ", "peopleToldOn: "] {
        assert!(stderr(&hasty).contains(field), "{}", stderr(&hasty));
    }
    let told = [
        "--risk",
        "serious",
        "--people",
        "40",
        "--commissioner-told-on",
        "2026-01-21",
        "--people-told-on",
        "2026-01-22",
    ];
    let closed = incident(&[&close[..], &told].concat());
    assert!(closed.status.success(), "{}", stderr(&closed));
    assert_eq!(stdout(&incident(&["list", "--open"])), "");
    let all = stdout(&incident(&["list"]));
    for part in [
        "closed  ",
        "people 40  risk serious  commissioner told 2026-01-21  people told 2026-01-22",
        "The list was mended.",
    ] {
        assert!(all.contains(part), "{part} is missing in\n{all}");
    }

    let personal = ["--description", "nora@example.org read it."];
    let refused = incident(&[&["add"], &kind[..], &noticed, &personal].concat());
    assert!(
        stderr(&refused).contains("The register holds no personal values"),
        "{}",
        stderr(&refused)
    );
    let unknown = incident(&["close", "nothing", "--risk", "low", "--measures", "None."]);
    assert!(
        stderr(&unknown).contains("this is no incident's id"),
        "{}",
        stderr(&unknown)
    );
}
