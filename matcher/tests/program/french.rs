//! Errors of the input in French, and in both languages where the words have parts.

use super::errors::with_volunteers;
use super::*;

#[test]
fn what_was_expected_is_said_in_french_too() {
    let (folder, _) = with_volunteers(
        "people.csv",
        "id,status,hours_per_week,zone,windows,time_off,remote,latitude,longitude,skills\nv,away,six,UTC,tue 9,soon,perhaps,north,91,a:1:2:3\n",
    );
    let path = folder.path().join("people.csv");
    let output = suggest(&path, &example("roles.csv"), &["--lang", "fr"]);
    assert_eq!(output.status.code(), Some(3));
    let errors = stderr(&output);
    for expected in [
        "attendu : active, busy ou paused, et non « away »",
        "attendu : un nombre entier, et non « six »",
        "attendu : une plage, comme mar 18:00-21:00, et non « tue 9 »",
        "attendu : une date, comme 2026-12-20, et non « soon »",
        "attendu : oui ou non, et non « perhaps »",
        "attendu : des degrés, comme 45.4215, et non « north »",
        "attendu : skill:level:years, et non « a:1:2:3 »",
    ] {
        assert!(errors.contains(expected), "{expected} in:\n{errors}");
    }
    for english in ["expected", "a whole", "as tue", "not \""] {
        assert!(!errors.contains(english), "{english} in:\n{errors}");
    }
}

#[test]
fn files_that_cannot_be_read_are_told_in_french_too() {
    let folder = TempDir::new().unwrap();
    let json = folder.path().join("people.jsonl");
    fs::write(&json, "{\"id\": \"v1\",}\n[1]\n{\"id\": \n").unwrap();
    let ending = folder.path().join("people.txt");
    fs::write(&ending, "id\nv\n").unwrap();
    let is_folder = folder.path().join("folder.csv");
    fs::create_dir(&is_folder).unwrap();
    let missing = folder.path().join("nobody.csv");
    for (path, expected) in [
        (
            &json,
            &[
                "people.jsonl:1:13: ce n’est pas du JSON à cet endroit",
                "people.jsonl:2:1: il faut un objet JSON par ligne",
                ": la ligne finit avant son objet",
            ][..],
        ),
        (
            &ending,
            &["people.txt: le nom doit finir en .csv ou .jsonl"],
        ),
        (
            &is_folder,
            &["folder.csv: c’est un dossier et non un fichier"],
        ),
        (&missing, &["nobody.csv: ce fichier n’existe pas"]),
    ] {
        let output = suggest(path, &example("roles.csv"), &["--lang", "fr"]);
        assert_eq!(output.status.code(), Some(3));
        for expected in expected {
            assert!(
                stderr(&output).contains(expected),
                "{expected} in:\n{}",
                stderr(&output)
            );
        }
    }
}

#[test]
fn every_fault_of_the_weights_is_told_with_its_line_in_both_languages() {
    let folder = TempDir::new().unwrap();
    let weights = folder.path().join("w.toml");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("weights.toml"));
    let text = text
        .unwrap()
        .replace("neutral = 5000", "neutral = 10001\ngrace = 1")
        .replace("minimum_score = 2000\n", "");
    fs::write(&weights, text).unwrap();
    let said = |language| {
        let options = ["--lang", language, "--weights", weights.to_str().unwrap()];
        let output = suggest(&example("volunteers.csv"), &example("roles.csv"), &options);
        assert_eq!(output.status.code(), Some(3));
        let errors = stderr(&output);
        let lines = errors.lines();
        lines
            .map(|line| line.split_once("w.toml: ").unwrap().1.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        said("en"),
        [
            "line 6: neutral: must be from 0 to 10000, not 10001",
            "line 7: unknown field `grace`",
            "gates.minimum_score is missing",
        ]
    );
    assert_eq!(
        said("fr"),
        [
            "ligne 6 : neutral : doit être de 0 à 10000, et non 10001",
            "ligne 7 : champ inconnu « grace »",
            "il manque gates.minimum_score",
        ]
    );
}

#[test]
fn errors_are_said_in_french_too() {
    let (folder, _) = with_volunteers("people.csv", "id,hours_per_week\nv,169\n");
    let output = suggest(
        &folder.path().join("people.csv"),
        &example("roles.csv"),
        &["--lang", "fr"],
    );
    assert!(
        stderr(&output).contains("doit être de 0 à 168, et non 169"),
        "{}",
        stderr(&output)
    );
}
