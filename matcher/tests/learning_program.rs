//! `matcher calibrate` and `matcher replay` as a person runs them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

fn matcher(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_matcher"))
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs `calibrate` on outcomes written for the test.
fn calibrate(text: &str, more: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outcomes.csv");
    fs::write(&path, text).unwrap();
    matcher(&[&["calibrate", "--outcomes", path.to_str().unwrap()], more].concat())
}

/// `count` of each answer; what is accepted is nearer, and nothing else differs.
fn outcomes(count: usize) -> String {
    let mut text = String::from("role,volunteer,answer,score,must_have,hours,causes,place\n");
    for number in 0..count {
        let [skill, hours, causes] =
            [10, 7, 9].map(|cycle| f64::from(u8::try_from(number % cycle).unwrap()) / 10.0);
        writeln!(
            text,
            "r{number},v{number},accepted,0.7,{skill},{hours},{causes},0.9"
        )
        .unwrap();
        writeln!(
            text,
            "r{number},w{number},declined,0.6,{skill},{hours},{causes},0.4"
        )
        .unwrap();
    }
    text
}

#[test]
fn few_outcomes_are_shown_and_said_to_be_too_few_in_both_languages() {
    let english = calibrate(&outcomes(3), &["--refit"]);
    assert!(english.status.success(), "{}", stderr(&english));
    let text = stdout(&english);
    for expected in [
        "accepted by both sides: 3 of 6; 0 do not say\n",
        "too few outcomes: 3 yes and 3 no, where 100 of each are needed\n",
        "score: a yes is above a no 100% of the time\n  60–70%: 0 of 3, 0% [0–56]\n  70–80%: 3 of 3, 100% [44–100]\n",
        "no weights were fitted: too few outcomes: 3 yes and 3 no, where 40 of each are needed\n",
    ] {
        assert!(text.contains(expected), "{expected} in:\n{text}");
    }
    let french = calibrate(&outcomes(3), &["--refit", "--lang", "fr"]);
    let text = stdout(&french);
    for expected in [
        "acceptés par les deux côtés : 3 sur 6; sans réponse claire : 0\n",
        "aucun poids n’a été ajusté : trop peu de résultats : 3 oui et 3 non, alors qu’il en faut 40 de chaque\n",
    ] {
        assert!(text.contains(expected), "{expected} in:\n{text}");
    }
}

#[test]
fn enough_outcomes_give_weights_that_are_proposed_and_not_applied() {
    let output = calibrate(&outcomes(60), &["--refit", "--format", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let refit = &json["refit"];
    assert_eq!(refit["is_minimum"], true);
    assert_eq!(refit["yes"], 60);
    let place = refit["factors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|factor| factor["code"] == "place")
        .unwrap();
    assert!(
        place["proposed"].as_u64() > place["policy"].as_u64(),
        "{place}"
    );
    let text = stdout(&calibrate(&outcomes(60), &["--refit"]));
    assert!(text.ends_with("nothing was changed: copy what you decide into a file of weights\n"));
}

#[test]
fn outcomes_with_errors_are_refused_with_line_and_column() {
    let output = calibrate(
        "role,volunteer,answer,score\nr,v,maybe,1.5\nr,w,accepted,\nr,x,accepted,0.5\nr,x,declined,0.5\n",
        &[],
    );
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).is_empty());
    let errors = stderr(&output);
    for expected in [
        "outcomes.csv:2:3 (answer): expected rejected, approved, declined",
        "outcomes.csv:2:4 (score): expected a number from 0 to 1",
        "outcomes.csv:3:4 (score)",
        "\"r – x\" is given twice",
    ] {
        assert!(errors.contains(expected), "{expected} in:\n{errors}");
    }
}

fn replay(other: &Path, more: &[&str]) -> Output {
    let (volunteers, roles) = (example("volunteers.csv"), example("roles.csv"));
    let arguments = [
        "replay",
        "--as-of",
        "2026-11-22",
        "--volunteers",
        volunteers.to_str().unwrap(),
        "--roles",
        roles.to_str().unwrap(),
        "--other",
        other.to_str().unwrap(),
    ];
    matcher(&[&arguments[..], more].concat())
}

#[test]
fn a_replay_with_the_same_weights_keeps_every_pairing() {
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights.toml");
    let output = replay(&weights, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stdout(&output).contains(" kept, 0 lost, 0 gained\n"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_replay_with_stricter_weights_shows_what_is_lost() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("strict.toml");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("weights.toml"));
    let strict = text
        .unwrap()
        .replace("minimum_score = 2000", "minimum_score = 10000")
        .replace("version = \"2026-11\"", "version = \"strict\"");
    fs::write(&path, strict).unwrap();
    let output = replay(&path, &["--format", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["kept"], serde_json::json!([]));
    assert_eq!(json["after"]["pairings"], 0);
    assert_eq!(json["after"]["weights_version"], "strict");
    assert_eq!(
        json["lost"].as_array().unwrap().len() as u64,
        json["before"]["pairings"].as_u64().unwrap()
    );
}

#[test]
fn a_file_of_weights_that_is_not_right_is_refused() {
    let output = replay(&example("roles.csv"), &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("roles.csv"), "{}", stderr(&output));
}

#[test]
fn outcomes_without_rows_say_nothing_of_order_and_an_empty_file_is_refused() {
    let header = "role,volunteer,answer,score\n";
    let output = calibrate(header, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.contains("accepted by both sides: 0 of 0") && !text.contains("above"),
        "{text}"
    );
    assert!(
        stderr(&output).contains("outcomes.csv: no rows below the header line"),
        "{}",
        stderr(&output)
    );
    let one_sided = stdout(&calibrate(&format!("{header}r,v,accepted,0.65\n"), &[]));
    assert!(
        one_sided.contains("\nscore\n  60–70%: 1 of 1") && !one_sided.contains("above"),
        "{one_sided}"
    );
    let empty = calibrate("", &[]);
    assert_eq!(empty.status.code(), Some(3));
    assert!(
        stderr(&empty).contains("outcomes.csv: no header line"),
        "{}",
        stderr(&empty)
    );
}

#[test]
fn reasons_are_said_in_words() {
    let text =
        "role,volunteer,answer,score,reason\nr,v,declined,0.5,no_time\nr,w,declined,0.5,far_away\n";
    let english = stdout(&calibrate(text, &[]));
    for expected in ["reason no time at the moment: 1\n", "reason far away: 1\n"] {
        assert!(english.contains(expected), "{expected} in:\n{english}");
    }
    let french = stdout(&calibrate(text, &["--lang", "fr"]));
    assert!(
        french.contains("raison pas le temps en ce moment : 1\n"),
        "{french}"
    );
}
