//! The invariants that ARCHITECTURE.md names, asserted over the manifests, the lock file and the sources.
//!
//! Each test is one rule. A rule that has to change is changed there and here, with a decision that says why.

mod personal;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The crates whose sources are looked at.
const CRATES: [&str; 5] = ["api", "entity", "matcher", "migration", "tests"];

/// The most lines of a file before its unit tests begin.
const MAX_LINES: usize = 400;

#[test]
fn dependencies_between_the_crates_point_one_way() {
    let dependencies = direct_dependencies();
    let own = |name: &str| -> Vec<&str> {
        let all = &dependencies[name];
        CRATES
            .into_iter()
            .filter(|own| all.contains(*own))
            .collect()
    };
    assert_eq!(own("entity"), [""; 0]);
    assert_eq!(own("matcher"), [""; 0]);
    assert_eq!(own("migration"), [""; 0]);
    assert_eq!(own("api"), ["entity", "matcher", "migration"]);
    assert_eq!(own("tests"), ["api", "entity", "matcher", "migration"]);
}

#[test]
fn the_matcher_knows_no_database_no_graphql_and_no_server() {
    let tree = locked_tree("matcher");
    for foreign in ["async-graphql", "axum", "hyper", "sea-orm", "sqlx"] {
        assert!(!tree.contains(foreign), "matcher reaches {foreign}");
    }
    // The rule is only worth something if the tree is the real one.
    assert!(tree.contains("lettre") && tree.contains("minijinja"));
}

#[test]
fn entities_and_migrations_know_no_graphql_and_no_server() {
    for name in ["entity", "migration"] {
        let tree = locked_tree(name);
        for foreign in ["async-graphql", "axum", "lettre"] {
            assert!(!tree.contains(foreign), "{name} reaches {foreign}");
        }
    }
}

#[test]
fn the_engine_is_pure() {
    let forbidden = [
        "async",
        "await",
        "tokio",
        "fs",
        "net",
        "env",
        "process",
        "Instant",
        "SystemTime",
        "Utc::now",
        "Local::now",
        "rand",
        "println",
        "eprintln",
        "stdin",
        "stdout",
        "Mutex",
        "OnceLock",
        "RwLock",
        "thread_local",
    ];
    let engine = sources("matcher").into_iter().filter(|source| {
        ["engine", "learning", "model"]
            .iter()
            .any(|module| source.is_under(&format!("matcher/src/{module}")))
    });
    assert_names_none(engine, &forbidden);
}

#[test]
fn only_the_graphql_module_names_the_graphql_library() {
    let others = production_sources().filter(|source| !source.is_under("api/src/graphql"));
    assert_names_none(others, &["async_graphql"]);
}

#[test]
fn only_the_http_module_names_status_codes() {
    let others = production_sources().filter(|source| !source.is_under("api/src/http"));
    assert_names_none(others, &["StatusCode"]);
}

#[test]
fn only_the_configuration_reads_the_environment() {
    // A bench takes no arguments of its own.
    let others = production_sources()
        .filter(|source| !source.is_under("api/src/config") && !source.path.contains("/benches/"));
    assert_names_none(
        others,
        &["env::var", "env::vars", "env::var_os", "env::vars_os"],
    );
}

#[test]
fn rules_know_no_transport() {
    let inner = [
        "credentials",
        "domain",
        "jobs",
        "outbox",
        "policy",
        "store",
        "validation",
    ];
    let rules = sources("api").into_iter().filter(|source| {
        inner
            .iter()
            .any(|module| source.is_under(&format!("api/src/{module}")))
    });
    assert_names_none(rules, &["axum", "crate::graphql", "crate::http"]);
}

#[test]
fn policies_are_pure_functions() {
    let policies = sources("api")
        .into_iter()
        .filter(|source| source.is_under("api/src/policy"));
    assert_names_none(
        policies,
        &["async", "await", "sea_orm", "tokio", "Clock", "App"],
    );
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let vague = [
        "common", "core", "helper", "helpers", "misc", "services", "util", "utils",
    ];
    for source in all_sources() {
        let parts = Path::new(&source.path).with_extension("");
        for part in &parts {
            let part = part.to_str().unwrap();
            assert!(!vague.contains(&part), "{} says nothing", source.path);
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    for source in all_sources() {
        assert!(
            source.text.starts_with("//! "),
            "{} does not begin by saying what it is for",
            source.path
        );
        let code = source
            .text
            .split("\n#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let lines = code.lines().count();
        assert!(lines <= MAX_LINES, "{} has {lines} lines", source.path);
    }
}

#[test]
fn names_are_found_as_whole_words_in_code_only() {
    let source = |text: &str| Source {
        path: "x.rs".to_owned(),
        text: text.to_owned(),
    };
    assert!(source("let a = std::env::var(name);").names("env::var"));
    assert!(!source("let a = std::env::vars();").names("env::var"));
    assert!(!source("// env::var\n    /// env::var\nlet b = 1; // env::var").names("env::var"));
    assert!(!source("let environment::variable = my_env::var2;").names("env::var"));
}

/// A Rust file.
struct Source {
    /// From the workspace's root.
    path: String,
    text: String,
}

impl Source {
    /// Whether the file is the module `path` or inside it.
    fn is_under(&self, path: &str) -> bool {
        self.path
            .strip_prefix(path)
            .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }

    /// Whether the code, comments aside, contains `name` between characters that belong to no identifier.
    fn names(&self, name: &str) -> bool {
        self.text
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default())
            .any(|code| {
                code.match_indices(name).any(|(start, _)| {
                    let is_free = |neighbour: Option<char>| {
                        neighbour.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                    };
                    is_free(code[..start].chars().next_back())
                        && is_free(code[start + name.len()..].chars().next())
                })
            })
    }
}

#[test]
fn no_log_line_has_the_debug_form_of_an_error() {
    // A database's details quote the values of rows; `with_causes` leaves them out.
    for source in production_sources() {
        for form in ["?error", "?err,", "{error:?}", "{err:?}"] {
            assert!(!source.text.contains(form), "{} has {form}", source.path);
        }
    }
}

#[test]
fn nothing_said_has_a_space_before_a_semicolon() {
    // Canadian French has none there, whatever kind of space; the colon has one.
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    for source in production_sources() {
        let before_tests = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in before_tests.lines().filter(is_code) {
            for space in [' ', '\u{a0}', '\u{202f}'] {
                for said in [format!("{space}; "), format!("{space};\"")] {
                    assert!(!line.contains(&said), "{}: {line}", source.path);
                }
            }
        }
    }
}

fn assert_names_none(sources: impl Iterator<Item = Source>, forbidden: &[&str]) {
    let mut count = 0;
    let mut found = Vec::new();
    for source in sources {
        count += 1;
        found.extend(
            forbidden
                .iter()
                .filter(|name| source.names(name))
                .map(|name| format!("{} names {name}", source.path)),
        );
    }
    assert!(count > 0, "the rule was applied to no file");
    assert!(found.is_empty(), "{found:#?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Everything but tests.
fn production_sources() -> impl Iterator<Item = Source> {
    all_sources()
        .filter(|source| !source.path.starts_with("tests/") && !source.path.contains("/tests/"))
}

fn all_sources() -> impl Iterator<Item = Source> {
    CRATES.into_iter().flat_map(sources)
}

/// Every Rust file of a crate: sources, tests, benches, examples.
fn sources(name: &str) -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join(name), &mut files);
    assert!(!files.is_empty(), "{name} has no source");
    files
        .into_iter()
        .map(|file| Source {
            path: file
                .strip_prefix(root())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned(),
            text: fs::read_to_string(&file).unwrap(),
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// What each crate of the workspace depends on in its manifest, development dependencies included.
fn direct_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let dependencies: BTreeMap<_, BTreeSet<_>> = packages
        .iter()
        .map(|package| {
            let names = package["dependencies"].as_array().unwrap().iter();
            (
                text(&package["name"]),
                names.map(|it| text(&it["name"])).collect(),
            )
        })
        .collect();
    let known: Vec<_> = dependencies.keys().map(String::as_str).collect();
    assert_eq!(known, CRATES, "a crate is missing in this test's list");
    dependencies
}

/// Everything that a crate reaches by the lock file, whatever the platform and the features.
fn locked_tree(name: &str) -> BTreeSet<String> {
    let lock: toml::Value =
        toml::from_str(&fs::read_to_string(root().join("Cargo.lock")).unwrap()).unwrap();
    let packages: BTreeMap<&str, Vec<&str>> = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let dependencies = package.get("dependencies").and_then(toml::Value::as_array);
            let names = dependencies.into_iter().flatten().filter_map(|entry| {
                // `name`, or `name version` where there are several.
                entry.as_str()?.split(' ').next()
            });
            (package["name"].as_str().unwrap(), names.collect())
        })
        .collect();
    let mut reached = BTreeSet::new();
    let mut waiting = vec![name];
    while let Some(next) = waiting.pop() {
        if reached.insert(next.to_owned()) {
            waiting.extend(&packages[next]);
        }
    }
    reached
}
