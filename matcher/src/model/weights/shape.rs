//! Everything that keeps a text from being a policy at all: broken lines, keys unknown or missing, values of the wrong kind.
//!
//! The parser stops at the first of them. Here each value is put alone into the policy that comes with the crate, so that
//! every wrong one is found, and what it may be is asked of the policy and not written down twice.

use toml::de::DeTable;
use toml::{Table, Value};

use super::fault::{WeightsFault, WeightsFaultKind, line_at, line_of};
use super::{DEFAULT, Weights};
use crate::model::{Expected, Rule, likeliest};

/// One more than any whole number of a policy.
const BEYOND: i64 = 65_536;

/// Most faults that are told: more than a policy has values.
const TOLD: usize = 100;

/// What is wrong with the text, by line. Where lines are broken, they alone: what they were to say is not known.
pub(super) fn faults(text: &str) -> Vec<WeightsFault> {
    let (_, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        return broken_lines(text, &broken);
    }
    let (Ok(given), Ok(policy)) = (text.parse::<Table>(), DEFAULT.parse::<Table>()) else {
        return Vec::new();
    };
    let mut found = missing(&given, &policy);
    let mut readable = policy.clone();
    for (path, value) in entries(&given, &policy) {
        let Some(known) = at(&policy, &path) else {
            found.push(WeightsFaultKind::UnknownKey {
                near: near(&path, &policy),
                key: path,
            });
            continue;
        };
        if read(&with(&policy, &path, value)).is_some() {
            readable = with(&readable, &path, value);
        } else {
            let rule = refused(&policy, &path, known, value);
            found.push(WeightsFaultKind::Invalid(rule.at(path)));
        }
    }
    let invalid = read(&readable).map(|weights| weights.faults());
    found.extend(invalid.into_iter().flatten().map(WeightsFaultKind::Invalid));
    let mut faults: Vec<WeightsFault> = found
        .into_iter()
        .take(TOLD)
        .map(|what| WeightsFault {
            line: what.key().and_then(|key| line_of(text, key)),
            what,
        })
        .collect();
    faults.sort_by_key(|fault| fault.line.unwrap_or(usize::MAX));
    faults
}

fn broken_lines(text: &str, broken: &[toml::de::Error]) -> Vec<WeightsFault> {
    let mut faults: Vec<WeightsFault> = broken
        .iter()
        .take(TOLD)
        .map(|error| WeightsFault {
            line: error.span().map(|span| line_at(text, span.start)),
            what: WeightsFaultKind::NotToml,
        })
        .collect();
    faults.sort_by_key(|fault| fault.line);
    faults.dedup();
    faults
}

/// The tables and keys that the text lacks; of a table that is not there, no keys.
fn missing(given: &Table, policy: &Table) -> Vec<WeightsFaultKind> {
    let mut missing = Vec::new();
    for (name, known) in policy {
        match (known, given.get(name)) {
            (Value::Table(_), None) => missing.push(format!("[{name}]")),
            (_, None) => missing.push(name.clone()),
            (Value::Table(keys), Some(Value::Table(given))) => missing.extend(
                keys.keys()
                    .filter(|key| !given.contains_key(*key))
                    .map(|key| format!("{name}.{key}")),
            ),
            _ => {}
        }
    }
    let kind = |key| WeightsFaultKind::MissingKey { key };
    missing.into_iter().map(kind).collect()
}

/// The paths and values of the text: those inside its tables, where the policy has the same table.
fn entries<'g>(given: &'g Table, policy: &Table) -> Vec<(String, &'g Value)> {
    let mut entries = Vec::new();
    for (name, value) in given {
        match (value, policy.get(name)) {
            (Value::Table(inner), Some(Value::Table(_))) => entries.extend(
                inner
                    .iter()
                    .map(|(key, value)| (format!("{name}.{key}"), value)),
            ),
            _ => entries.push((name.clone(), value)),
        }
    }
    entries
}

fn at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    match path.split_once('.') {
        Some((name, key)) => table.get(name)?.as_table()?.get(key),
        None => table.get(path),
    }
}

fn with(table: &Table, path: &str, value: &Value) -> Table {
    let mut changed = table.clone();
    let (inside, key) = match path.split_once('.') {
        Some((name, key)) => (changed.get_mut(name).and_then(Value::as_table_mut), key),
        None => (Some(&mut changed), path),
    };
    if let Some(inside) = inside {
        inside.insert(key.to_owned(), value.clone());
    }
    changed
}

fn read(table: &Table) -> Option<Weights> {
    Value::Table(table.clone()).try_into().ok()
}

/// The key of the same table that may have been meant.
fn near(path: &str, policy: &Table) -> Option<String> {
    let (keys, key) = match path.split_once('.') {
        Some((name, key)) => (policy.get(name)?.as_table()?, key),
        None => (policy, path),
    };
    likeliest(key, keys.keys().map(String::as_str)).map(ToOwned::to_owned)
}

fn refused(policy: &Table, path: &str, known: &Value, given: &Value) -> Rule {
    let expected = match (known, given) {
        (Value::Integer(usual), Value::Integer(given)) => {
            let is_valid = |number: i64| {
                read(&with(policy, path, &Value::Integer(number)))
                    .is_some_and(|weights| weights.faults().is_empty())
            };
            return Rule::OutOfRange {
                least: furthest(*usual, -1, is_valid),
                most: furthest(*usual, BEYOND, is_valid),
                given: *given,
            };
        }
        (Value::Integer(_), _) => Expected::new("a whole number", "un nombre entier"),
        (Value::Array(_), _) => Expected::new(
            format!("a list such as {known}"),
            format!("une liste comme {known}"),
        ),
        (Value::Table(_), _) => {
            Expected::new(format!("a table [{path}]"), format!("une table [{path}]"))
        }
        _ => Expected::new("a text", "un texte"),
    };
    let given = given
        .as_str()
        .map_or_else(|| given.to_string(), ToOwned::to_owned);
    Rule::Unreadable { expected, given }
}

/// The last valid number on the way from a valid one to one that is not, by halving.
fn furthest(valid: i64, invalid: i64, is_valid: impl Fn(i64) -> bool) -> i64 {
    let (mut valid, mut invalid) = (valid, invalid);
    while valid.abs_diff(invalid) > 1 {
        let middle = i64::midpoint(valid, invalid);
        if is_valid(middle) {
            valid = middle;
        } else {
            invalid = middle;
        }
    }
    valid
}
