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

mod empty;
mod errors;
mod french;
mod header;
mod mail;
mod unmet;

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
        stdout(&french).contains("2 compétences sur 3; le mardi soir convient; 1 cause en commun")
    );
    assert_eq!(
        stderr(&french),
        "aucun bénévole n’indique la compétence mapping, demandée par r1\n",
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
fn a_quick_answer_is_marked_as_such() {
    let (volunteers, roles) = (example("volunteers.csv"), example("roles.csv"));
    let quick = |more: &[&str]| suggest(&volunteers, &roles, &[&["--quick"], more].concat());
    let table = stdout(&quick(&["--assign"]));
    assert!(
        table.contains("a quick answer, not the greatest total possible"),
        "{table}"
    );
    let french = stdout(&quick(&["--assign", "--lang", "fr"]));
    assert!(french.contains("réponse rapide, et non le plus grand total possible"));
    let json = quick(&["--assign", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["quick"], &json["round"]),
        (&true.into(), &serde_json::Value::Null)
    );
    assert!(!json["suggestions"].as_array().unwrap().is_empty());
    let csv = quick(&["--assign", "--format", "csv"]);
    assert_eq!(
        String::from_utf8_lossy(&csv.stderr).lines().next(),
        Some("a quick answer, not the greatest total possible")
    );
    let mailed = quick(&["--assign", "--mail", "somewhere"]);
    assert_eq!(mailed.status.code(), Some(2), "nothing to mail");
    assert_eq!(
        quick(&[]).status.code(),
        Some(2),
        "only where everybody is chosen for at once"
    );
}

#[test]
fn json_without_an_assignment_has_the_factors_with_their_points() {
    let output = suggest(
        &example("volunteers.csv"),
        &example("roles.csv"),
        &["--format", "json"],
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let fit: matcher::engine::Fit =
        serde_json::from_value(json["suggestions"][0]["fit"].clone()).unwrap();
    let points: i32 = fit.factors.iter().map(|factor| factor.points).sum();
    assert_eq!(points, i32::from(fit.score.get()));
}

#[test]
fn an_assignment_says_its_total_and_that_nothing_exceeds_it() {
    let output = suggest(
        &example("volunteers.csv"),
        &example("roles.csv"),
        &["--assign", "--lang", "fr"],
    );
    let text = stdout(&output);
    let mut after = text
        .lines()
        .skip_while(|line| !line.starts_with("somme des scores "));
    assert!(
        after
            .next()
            .unwrap()
            .ends_with(" : le plus grand total possible"),
        "{text}"
    );
    let is_fairness = |line: &str| line.starts_with("rôles, anglais seulement : ");
    assert!(after.any(is_fairness), "{text}");
}

#[test]
fn totals_have_one_unit_however_the_pairs_were_chosen() {
    for (language, sum) in [("en", "sum of scores "), ("fr", "somme des scores ")] {
        let total = |more: &[&str]| {
            let options = [&["--assign", "--lang", language], more].concat();
            let output = suggest(&example("volunteers.csv"), &example("roles.csv"), &options);
            let text = stdout(&output);
            let line = text.lines().find(|line| line.starts_with(sum));
            let (numbers, _) = line.unwrap().rsplit_once(':').unwrap();
            numbers.trim().to_owned()
        };
        let quick = total(&["--quick"]);
        assert_eq!(quick, total(&[]), "both choose the same pairs here");
        let json = suggest(
            &example("volunteers.csv"),
            &example("roles.csv"),
            &["--assign", "--quick", "--format", "json"],
        );
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        let points = |number: &serde_json::Value| number.as_u64().unwrap();
        let scores: u64 = json["suggestions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| points(&line["fit"]["score"]))
            .sum();
        assert_eq!(points(&json["total"]["scores"]), scores);
        let both = scores + points(&json["total"]["first_suggestions"]);
        for points in [scores, both] {
            let mark = if language == "en" { "." } else { "," };
            let number = format!("{}{mark}{:04}", points / 10_000, points % 10_000);
            assert!(quick.contains(&number), "{number} in {quick}");
        }
    }
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
