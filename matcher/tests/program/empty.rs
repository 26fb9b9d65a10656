//! Files in which there is nothing, or nothing but a header.

use super::*;

/// Runs with one file of this text in the place of the example's.
fn with_file(name: &str, text: &str, more: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    if name.starts_with("roles") {
        suggest(&example("volunteers.csv"), &path, more)
    } else {
        suggest(&path, &example("roles.csv"), more)
    }
}

#[test]
fn a_file_in_which_nothing_is_is_an_error_in_both_languages() {
    for (name, text, en, fr) in [
        ("people.csv", "", "no header line", "pas d’en-tête"),
        ("roles.csv", "", "no header line", "pas d’en-tête"),
        ("people.csv", "\n\r\n \n", "no header line", "pas d’en-tête"),
        ("people.csv", ",,\n,,\n", "no header line", "pas d’en-tête"),
        ("people.jsonl", "", "no records", "aucune donnée"),
        ("roles.jsonl", " \n\n", "no records", "aucune donnée"),
    ] {
        for (language, expected) in [("en", en), ("fr", fr)] {
            let output = with_file(name, text, &["--lang", language]);
            assert_eq!(output.status.code(), Some(3), "{name} {text:?}");
            assert!(output.stdout.is_empty(), "{name} {text:?}");
            let errors = stderr(&output);
            let expected = format!("{name}: {expected}");
            assert!(errors.contains(&expected), "{expected} in:\n{errors}");
            assert_eq!(errors.lines().count(), 1, "{errors}");
        }
    }
}

#[test]
fn a_header_without_rows_is_allowed_and_told() {
    for (language, expected) in [
        ("en", "people.csv: no rows below the header line\n"),
        ("fr", "people.csv: aucune ligne sous l’en-tête\n"),
    ] {
        let output = with_file("people.csv", "id,skills\n\n", &["--lang", language]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn the_best_none_of_each_role_are_refused() {
    let (volunteers, roles) = (example("volunteers.csv"), example("roles.csv"));
    let output = suggest(&volunteers, &roles, &["--top", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}
