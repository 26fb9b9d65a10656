//! The README is true: its settings are the code's, and its tour is answered as it says.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use api::config::{PREFIX, SETTINGS};
use api::demo::{self, PASSWORD};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::on_both_databases;

/// One request of the tour: `docs/tour/NAME.graphql` and the answer, `docs/tour/NAME.json`.
struct Step {
    /// Who asks, from the document's first line `# As EMAIL`; nobody if there is no such line.
    actor: Option<String>,
    /// `pairing_…` in it stands for the id in the last answer that had one.
    document: String,
    answer: String,
}

#[test]
fn the_settings_are_those_of_the_code() {
    let mut table = String::from("| key | default | meaning |\n|---|---|---|\n");
    for setting in SETTINGS {
        let default = if setting.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", setting.default)
        };
        writeln!(
            table,
            "| `{PREFIX}{}` | {default} | {} |",
            setting.key, setting.meaning
        )
        .unwrap();
    }
    let told = section("<!-- settings:", "<!-- settings end -->");
    assert!(
        told.trim() == table.trim(),
        "the README's table should be:\n\n{table}"
    );
}

#[test]
fn the_tour_shows_the_files() {
    let told = blocks(&section("<!-- tour:", "<!-- tour ends -->"));
    let files: Vec<String> = steps()
        .into_iter()
        .flat_map(|step| [step.document, step.answer])
        .collect();
    assert!(!files.is_empty());
    for (told, file) in told.iter().zip(&files) {
        assert_eq!(told, file);
    }
    assert_eq!(
        told.len(),
        files.len(),
        "a request and its answer for each file"
    );
}

on_both_databases! {
    async fn the_tour_is_answered_word_for_word(backend) {
        let app = TestApp::new(backend).await;
        demo::fill(&app.app).await.unwrap();
        app.run_jobs().await;
        let mut pairing = String::new();
        for step in steps() {
            let client = match &step.actor {
                Some(email) => app.log_in_with(email, PASSWORD).await,
                None => app.client(),
            };
            let document = step.document.replace("pairing_…", &pairing);
            let answer = client.graphql(&document, json!({})).await;
            let text = without_cost(&answer.text);
            let expected: Value = serde_json::from_str(&step.answer).unwrap();
            assert!(
                is_told(&expected, &serde_json::from_str(&text).unwrap())
                    && keys(&step.answer) == keys(&text),
                "{document}\nis answered\n{}\nand not\n{expected:#}",
                answer.text
            );
            if let Some(id) = answer.body["data"]["pairings"]["nodes"][0]["id"].as_str() {
                id.clone_into(&mut pairing);
            }
        }
    }
}

/// Whether an answer is the one that was told. A text that ends in an ellipsis stands for any that begins so: tokens
/// and times are never the same twice.
fn is_told(told: &Value, answer: &Value) -> bool {
    match (told, answer) {
        (Value::String(told), Value::String(answer)) => match told.strip_suffix('…') {
            Some(beginning) => answer.starts_with(beginning),
            None => told == answer,
        },
        (Value::Array(told), Value::Array(answer)) => {
            told.len() == answer.len() && told.iter().zip(answer).all(|(a, b)| is_told(a, b))
        }
        (Value::Object(told), Value::Object(answer)) => {
            told.len() == answer.len()
                && told
                    .iter()
                    .all(|(key, value)| answer.get(key).is_some_and(|it| is_told(value, it)))
        }
        _ => told == answer,
    }
}

/// An answer without what it cost, which is said of every one.
fn without_cost(answer: &str) -> String {
    let (before, cost) = answer.split_once(",\"extensions\":{\"cost\":{").unwrap();
    let (_, after) = cost.split_once("}}").unwrap();
    format!("{before}{after}")
}

/// The keys of objects in their order, which reading into a [`Value`] loses.
fn keys(json: &str) -> Vec<&str> {
    assert!(
        !json.contains('\\'),
        "an escape, which this does not read: {json}"
    );
    let strings = json.split('"').skip(1).step_by(2);
    let followers = json.split('"').skip(2).step_by(2);
    strings
        .zip(followers)
        .filter(|(_, follower)| follower.trim_start().starts_with(':'))
        .map(|(key, _)| key)
        .collect()
}

fn steps() -> Vec<Step> {
    let mut documents: Vec<PathBuf> = fs::read_dir(repository().join("docs/tour"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "graphql")
        })
        .collect();
    documents.sort();
    documents
        .into_iter()
        .map(|path| {
            let document = fs::read_to_string(&path).unwrap();
            Step {
                actor: document
                    .lines()
                    .next()
                    .and_then(|line| line.strip_prefix("# As "))
                    .map(str::to_owned),
                answer: fs::read_to_string(path.with_extension("json")).unwrap(),
                document,
            }
        })
        .collect()
}

/// The text between the end of the comment that begins with `start` and `end`.
fn section(start: &str, end: &str) -> String {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, rest) = readme.split_once(start).unwrap();
    let (_, rest) = rest.split_once("-->").unwrap();
    rest.split_once(end).unwrap().0.to_owned()
}

/// The contents of fenced blocks.
fn blocks(text: &str) -> Vec<String> {
    text.split("```")
        .skip(1)
        .step_by(2)
        .map(|block| block.split_once('\n').unwrap().1.to_owned())
        .collect()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
