//! The program as a person runs it: its files, its answers, its errors and its exit codes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

fn suggest(volunteers: &Path, roles: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_matcher"))
        .args(["suggest", "--as-of", "2026-11-22", "--volunteers"])
        .arg(volunteers)
        .arg("--roles")
        .arg(roles)
        .args(more)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs on volunteers written for the test, with the example's roles.
fn with_volunteers(name: &str, text: &str) -> (TempDir, Output) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let output = suggest(&path, &example("roles.csv"), &[]);
    (folder, output)
}

fn with_roles(text: &str) -> (TempDir, Output) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("roles.csv");
    fs::write(&path, text).unwrap();
    let output = suggest(&example("volunteers.csv"), &path, &[]);
    (folder, output)
}

#[test]
fn the_examples_are_assigned_with_reasons_in_both_languages() {
    let (volunteers, roles) = (example("volunteers.csv"), example("roles.csv"));
    let english = suggest(&volunteers, &roles, &["--assign"]);
    assert!(english.status.success(), "{}", stderr(&english));
    assert!(
        stdout(&english)
            .contains("2 of 3 skills; Tuesday evening fits; 1 cause in common: housing")
    );
    let french = suggest(&volunteers, &roles, &["--assign", "--lang", "fr"]);
    assert!(
        stdout(&french)
            .contains("2 compétences sur 3 ; le mardi soir convient ; 1 cause en commun")
    );
    assert!(
        stderr(&french).is_empty(),
        "no bar where there is no terminal"
    );
}

#[test]
fn json_carries_the_round_with_its_proof_and_reads_back() {
    let output = suggest(
        &example("volunteers.csv"),
        &example("roles.csv"),
        &["--assign", "--format", "json"],
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["round"]["proof"]["is_verified"], true);
    let round: matcher::engine::Round = serde_json::from_value(json["round"].clone()).unwrap();
    assert_eq!(
        round.pairings.len(),
        json["suggestions"].as_array().unwrap().len()
    );
}

#[test]
fn csv_and_json_lines_say_the_same() {
    let folder = TempDir::new().unwrap();
    let two = folder.path().join("two.csv");
    let text = fs::read_to_string(example("volunteers.csv")).unwrap();
    fs::write(&two, text.lines().take(3).collect::<Vec<_>>().join("\n")).unwrap();
    let roles = folder.path().join("roles.csv");
    let text = fs::read_to_string(example("roles.csv")).unwrap();
    let default_suggestions = text
        .lines()
        .take(3)
        .map(|line| line.replace(",1,2", ",1,3"));
    fs::write(&roles, default_suggestions.collect::<Vec<_>>().join("\n")).unwrap();
    let from_csv = suggest(&two, &roles, &["--format", "csv"]);
    let from_json = suggest(
        &example("volunteers.jsonl"),
        &example("roles.jsonl"),
        &["--format", "csv"],
    );
    assert!(stdout(&from_csv).lines().count() > 1);
    assert_eq!(stdout(&from_csv), stdout(&from_json));
}

#[test]
fn related_skills_count_only_with_a_file_of_relations() {
    let (volunteers, roles) = (example("volunteers.csv"), example("roles.csv"));
    let lists_dev = |output: &Output| stdout(output).lines().any(|line| line.starts_with("r2,v4"));
    let relations = example("relations.csv");
    let with = suggest(
        &volunteers,
        &roles,
        &[
            "--format",
            "csv",
            "--relations",
            relations.to_str().unwrap(),
        ],
    );
    let by_relation = stdout(&with);
    let without = stdout(&suggest(&volunteers, &roles, &["--format", "csv"]));
    assert!(lists_dev(&with), "{by_relation}");
    assert_ne!(by_relation, without);
}

#[test]
fn top_bounds_the_list_of_each_role() {
    let output = suggest(
        &example("volunteers.csv"),
        &example("roles.csv"),
        &["--top", "1", "--format", "csv"],
    );
    assert_eq!(
        stdout(&output)
            .lines()
            .filter(|line| line.starts_with("r1,"))
            .count(),
        1
    );
}

#[test]
fn every_error_is_listed_with_line_and_column_and_nothing_is_printed() {
    let (_folder, output) = with_volunteers(
        "people.csv",
        "id,skills,hours_per_week,zone,windows\nv1,python:6,169,America/Nowhere,tue 22:00-02:00\nv1,sql:5,168,UTC,tue 23:00-24:00\nv1,,,,\n",
    );
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).is_empty());
    let errors = stderr(&output);
    for expected in [
        "people.csv:2:2 (skills[0]): must be from 1 to 5, not 6",
        "people.csv:2:3 (hours_per_week): must be from 0 to 168, not 169",
        "people.csv:2:4 (zone): \"America/Nowhere\" is no IANA time zone",
        "people.csv:2:5 (windows[0]): a window ends after it starts and never crosses midnight",
        "people.csv:4:1 (id): \"v1\" is given twice",
    ] {
        assert!(errors.contains(expected), "{expected} in:\n{errors}");
    }
    assert_eq!(errors.lines().count(), 5, "{errors}");
}

#[test]
fn four_must_haves_and_dates_in_the_wrong_order_are_refused_and_three_accepted() {
    let (_folder, three) =
        with_roles("id,organization,must_have,start_on,end_on\nr,o,a;b;c,2026-12-01,2026-12-01\n");
    assert!(three.status.success(), "{}", stderr(&three));
    let (_folder, four) = with_roles(
        "id,organization,must_have,start_on,end_on\nr,o,a;b;c;d,2026-12-02,2026-12-01\n",
    );
    assert_eq!(four.status.code(), Some(3));
    assert!(
        stderr(&four).contains("roles.csv:2:3 (must_have): at most 3, not 4"),
        "{}",
        stderr(&four)
    );
    assert!(
        stderr(&four).contains("roles.csv:2:5 (end_on): ends before it starts"),
        "{}",
        stderr(&four)
    );
}

#[test]
fn malformed_json_names_line_and_column() {
    let (_folder, output) =
        with_volunteers("people.jsonl", "{\"id\": \"v1\"}\n{\"id\": \"v2\",}\n");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("people.jsonl:2:13: "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn malformed_csv_names_its_line() {
    let (_folder, output) = with_volunteers("people.csv", "id,name\nv1,Ada\nv2,Bo,extra\n");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("people.csv:3: "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_unknown_field_is_an_error_and_not_ignored() {
    let (_folder, output) = with_volunteers(
        "people.jsonl",
        "{\"id\": \"v1\", \"skils\": [\"python\"]}\n",
    );
    assert!(
        stderr(&output).contains("people.jsonl:1 (skils): expected id, name"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn long_lists_of_errors_are_cut_and_counted() {
    let rows: Vec<String> = (0..60)
        .map(|number| format!("v{number},python:9"))
        .collect();
    let rows = rows.join("\n");
    let (_folder, output) = with_volunteers("people.csv", &format!("id,skills\n{rows}"));
    assert_eq!(stderr(&output).lines().count(), 51);
    assert!(stderr(&output).ends_with("… and 10 more\n"));
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

#[test]
fn bad_weights_and_missing_files_are_errors_of_the_input() {
    let folder = TempDir::new().unwrap();
    let weights = folder.path().join("w.toml");
    fs::write(&weights, "version = \"x\"\n").unwrap();
    let (volunteers, roles) = (example("volunteers.csv"), example("roles.csv"));
    let output = suggest(
        &volunteers,
        &roles,
        &["--weights", weights.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("w.toml"), "{}", stderr(&output));
    let missing = suggest(&folder.path().join("nobody.csv"), &roles, &[]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(
        stderr(&missing).contains("nobody.csv: "),
        "{}",
        stderr(&missing)
    );
}

#[test]
fn wrong_arguments_are_another_exit_code() {
    let output = suggest(
        &example("volunteers.csv"),
        &example("roles.csv"),
        &["--top", "3", "--assign"],
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_suggestions_are_mailed_into_a_folder() {
    let folder = TempDir::new().unwrap();
    let mails = folder.path().join("mails");
    let output = suggest(
        &example("volunteers.csv"),
        &example("roles.csv"),
        &[
            "--assign",
            "--mail",
            mails.to_str().unwrap(),
            "--mail-to",
            "coordinator@example.org",
            "--mail-from",
            "matcher@example.org",
            "--sender",
            "Example Group",
            "--postal-address",
            "1 Main Street, Ottawa ON",
            "--unsubscribe-url",
            "https://example.org/stop",
        ],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let files: Vec<_> = fs::read_dir(&mails)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    let mail = fs::read_to_string(&files[0]).unwrap();
    assert!(
        mail.contains("coordinator@example.org") && mail.contains("Amina"),
        "{mail}"
    );
}
