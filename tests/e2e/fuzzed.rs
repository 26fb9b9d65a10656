//! What fuzzing found, and a few inputs of each kind that it begins with: read or refused for good.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;

#[path = "../../fuzz/src/lib.rs"]
#[allow(
    unreachable_pub,
    reason = "the fuzzer's crate is read here as a module"
)]
mod targets;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// Runs a target on every input that is kept for it.
fn replay(target: &str, run: fn(&[u8])) {
    let mut count = 0;
    for entry in fs::read_dir(folder().join("regressions").join(target)).unwrap() {
        let path = entry.unwrap().path();
        // Told only when the next line panics.
        eprintln!("{}", path.display());
        run(&fs::read(path).unwrap());
        count += 1;
    }
    assert!(count > 0, "{target} has no inputs");
}

#[test]
fn documents_pass_the_guard_or_are_refused() {
    replay("guard", targets::guard);
}

#[test]
fn global_ids_are_read_or_refused() {
    replay("global_id", targets::global_id);
}

#[test]
fn cursors_are_read_or_refused() {
    replay("cursor", targets::cursor);
}

#[test]
fn link_tokens_are_read_or_refused() {
    replay("link_token", targets::link_token);
}

#[test]
fn access_tokens_are_read_or_refused() {
    replay("access_token", targets::access_token);
}

#[test]
fn spreadsheets_are_read_or_refused() {
    replay("table", targets::table);
}

#[test]
fn mail_reports_are_read_or_refused() {
    replay("mail_report", targets::mail_report);
}

#[test]
fn every_target_has_inputs_that_are_replayed_here() {
    let manifest: Table = fs::read_to_string(folder().join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let here = include_str!("fuzzed.rs");
    let targets = manifest["bin"].as_array().unwrap();
    assert!(targets.len() >= 7);
    for target in targets {
        let name = target["name"].as_str().unwrap();
        assert!(
            here.contains(&format!("replay(\"{name}\"")),
            "{name} is not replayed"
        );
    }
}
