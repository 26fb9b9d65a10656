//! The record of guards, `docs/guards.md`, is true of the files: whatever it names is where it says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What begins a row's table.
const HEADING: &str = "| refused | guard | test | without the guard |";

/// A file, and a name that it defines.
struct Place<'a> {
    path: &'a str,
    name: &'a str,
}

impl<'a> Place<'a> {
    /// The places of a cell: `` `path` `name` ``, and more of them after commas.
    fn all(cell: &'a str) -> Vec<Option<Self>> {
        cell.split(", ")
            .map(|place| {
                let (path, name) = place.split_once(' ')?;
                let bare = |text: &'a str| text.strip_prefix('`')?.strip_suffix('`');
                Some(Self {
                    path: bare(path)?,
                    name: bare(name)?,
                })
            })
            .collect()
    }

    fn text(&self) -> Option<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
        fs::read_to_string(root.join(self.path)).ok()
    }
}

/// Whether the file is shipped, and defines a function or a type of this name.
fn is_code(place: &Place<'_>) -> bool {
    let is_shipped = ["api/src/", "matcher/src/"]
        .into_iter()
        .any(|source| place.path.starts_with(source));
    is_shipped
        && place.text().is_some_and(|text| {
            ["fn", "struct"].into_iter().any(|kind| {
                let definition = format!("{kind} {}", place.name);
                text.match_indices(&definition).any(|(start, _)| {
                    let next = text[start + definition.len()..].chars().next();
                    matches!(next, Some('(' | '<' | ' '))
                })
            })
        })
}

/// Whether the file has a test of this name.
fn is_test(place: &Place<'_>) -> bool {
    let head = format!("fn {}(", place.name);
    place.text().is_some_and(|text| {
        let lines: Vec<&str> = text.lines().collect();
        lines.iter().enumerate().any(|(number, line)| {
            let above = number
                .checked_sub(1)
                .map_or("", |above| lines[above].trim());
            // Those of `on_both_databases!` are told by their argument.
            let is_run = ["#[test]", "#[tokio::test]"].contains(&above)
                || line.contains(&format!("{head}backend)"));
            line.contains(&head) && is_run
        })
    })
}

/// Every row of the record's tables, in its cells.
fn rows(record: &str) -> Vec<Vec<&str>> {
    let is_row = |line: &&str| line.starts_with("| ") && *line != HEADING;
    record
        .lines()
        .filter(is_row)
        .map(|line| {
            let inner = line.trim_start_matches("| ").trim_end_matches(" |");
            inner.split(" | ").collect()
        })
        .collect()
}

/// Whether a cell names places, each of which is there.
fn names_all(cell: &str, is_there: impl Fn(&Place<'_>) -> bool) -> bool {
    let places = Place::all(cell);
    places
        .iter()
        .all(|place| place.as_ref().is_some_and(&is_there))
}

/// What is wrong with a record.
fn faults(record: &str) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut faults = Vec::new();
    for row in rows(record) {
        let [refused, guard, test, seen] = row[..] else {
            faults.push(format!("a row has not four cells: {row:?}"));
            continue;
        };
        if refused.is_empty() || seen.is_empty() || !known.insert(refused) {
            faults.push(format!("`{refused}` is there twice, or has nothing to say"));
        }
        for (cell, is_true) in [
            (guard, names_all(guard, is_code)),
            (test, names_all(test, is_test)),
        ] {
            if !is_true {
                faults.push(format!("`{refused}` names what is not there: {cell}"));
            }
        }
    }
    faults
}

#[test]
fn every_guard_and_every_test_of_the_record_is_where_it_says() {
    let record = include_str!("../../docs/guards.md");
    assert_eq!(faults(record), [""; 0]);
    assert!(rows(record).len() >= 150, "{}", rows(record).len());
}

#[test]
fn what_is_not_there_is_found() {
    let guard = "`api/src/domain/version.rs` `check`";
    let test = "`tests/e2e/guards.rs` `what_is_not_there_is_found`";
    let both = "`tests/e2e/roles.rs` `seats_never_fall_below_those_taken`";
    let table =
        |cells: [&str; 4]| format!("{HEADING}\n|---|---|---|---|\n| {} |", cells.join(" | "));
    assert_eq!(faults(&table(["a", guard, test, "b"])), [""; 0]);
    assert_eq!(faults(&table(["a", guard, both, "b"])), [""; 0]);
    let two = format!("{guard}, {guard}");
    assert_eq!(faults(&table(["a", &two, test, "b"])), [""; 0]);
    for wrong in [
        ["a", "`api/src/domain/version.rs` `checked`", test, "b"],
        ["a", "`api/src/domain/versions.rs` `check`", test, "b"],
        ["a", "`tests/e2e/guards.rs` `rows`", test, "b"],
        ["a", "check", test, "b"],
        ["a", guard, "`tests/e2e/guards.rs` `what_is_not_there`", "b"],
        ["a", guard, "`tests/e2e/guards.rs` `faults`", "b"],
        ["a", guard, test, ""],
    ] {
        assert_eq!(faults(&table(wrong)).len(), 1, "{wrong:?}");
    }
    let twice =
        table(["a", guard, test, "b"]) + &table(["a", guard, test, "b"]).replace(HEADING, "");
    assert_eq!(faults(&twice).len(), 1);
    assert_eq!(faults("| a | b |").len(), 1);
}
