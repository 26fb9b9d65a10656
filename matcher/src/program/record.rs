//! Files as records of named cells. What the cells mean is decided elsewhere; where they stand is kept for the errors.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use csv::StringRecord;
use rayon::prelude::*;

use super::cell::{Cells, Given, Value};
use super::fault::{Fault, Faults};
use super::{json_lines, table};
use crate::model::{Expected, Rule, likeliest};

/// What the records of a file are.
pub(crate) struct Kind {
    /// Every field that they may have.
    pub(crate) fields: &'static [&'static str],
    /// The fields that each must have.
    pub(crate) needed: &'static [&'static str],
    /// The field at which it is told that a record comes twice.
    pub(crate) key: &'static str,
}

/// One line of a file.
pub(crate) struct Record {
    /// Line in the file, from 1.
    pub(crate) line: u64,
    /// Where each field stands, from 1: the cell of a table, the character of a line of JSON.
    pub(crate) columns: Arc<HashMap<String, usize>>,
    pub(crate) values: Values,
}

/// What is there.
pub(crate) enum Values {
    /// The cells of a table, blank ones too: files may have a hundred thousand rows, so no cell is copied.
    Row(StringRecord),
    /// The fields of an object that are not blank.
    Object(BTreeMap<String, Value>),
}

impl Record {
    /// What stands in a field; a blank cell is nothing.
    pub(crate) fn find(&self, field: &str) -> Option<Given<'_>> {
        match &self.values {
            Values::Row(row) => {
                let cell = self.columns.get(field)?.checked_sub(1)?;
                row.get(cell)
                    .filter(|text| !text.is_empty())
                    .map(Given::Text)
            }
            Values::Object(values) => values.get(field).map(Value::given),
        }
    }
}

/// Reads every record and decodes it, on all threads. `decode` also gives the record's name, which must not come twice; if
/// it does, the error is at the key, and only the first record counts.
pub(crate) fn read<T: Send>(
    path: &Path,
    kind: &Kind,
    faults: &mut Faults,
    decode: impl Fn(&mut Cells<'_>) -> Option<(String, T)> + Sync,
) -> Vec<T> {
    match fs::read(path) {
        Ok(bytes) => self::decode(path, &bytes, kind, faults, decode),
        Err(error) => {
            faults.push(Fault::unreadable(path, &error));
            Vec::new()
        }
    }
}

/// The same of the bytes of a file.
pub(crate) fn decode<T: Send>(
    path: &Path,
    bytes: &[u8],
    kind: &Kind,
    faults: &mut Faults,
    decode: impl Fn(&mut Cells<'_>) -> Option<(String, T)> + Sync,
) -> Vec<T> {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let records = match ending.as_str() {
        "csv" => table::read(path, bytes, kind, faults),
        "jsonl" | "ndjson" => json_lines::read(path, bytes, kind, faults),
        _ => {
            faults.push(Fault::of_file(
                path,
                "the name must end in .csv or .jsonl".to_owned(),
                "le nom doit finir en .csv ou .jsonl".to_owned(),
            ));
            return Vec::new();
        }
    };
    let decoded: Vec<_> = records
        .par_iter()
        .map(|record| {
            let mut cells = Cells::new(path, record);
            let decoded = decode(&mut cells);
            (decoded, cells)
        })
        .collect();
    let mut kept = Vec::with_capacity(decoded.len());
    let mut seen = HashSet::with_capacity(decoded.len());
    for (decoded, mut cells) in decoded {
        if let Some((name, value)) = decoded {
            if seen.contains(&name) {
                cells.refuse(kind.key, Rule::Duplicate { value: name });
            } else {
                seen.insert(name);
                kept.push(value);
            }
        }
        faults.extend(cells.into_faults());
    }
    kept
}

/// The error of a field that no record of this kind has.
pub(crate) fn unknown_field(
    path: &Path,
    line: u64,
    column: usize,
    field: &str,
    fields: &[&str],
) -> Fault {
    let expected = match meant(field, fields) {
        Some(meant) => Expected::new(
            format!("a known field (did you mean {meant}?)"),
            format!("un champ connu (vouliez-vous dire {meant}?)"),
        ),
        None => Expected::notation(fields.join(", ")),
    };
    let given = field.to_owned();
    let rule = Rule::Unreadable { expected, given };
    Fault::at_field(path, line, column, field, rule)
}

/// The field that a wrong name is near to, or the beginning of.
fn meant<'f>(given: &str, fields: &[&'f str]) -> Option<&'f str> {
    let given = given.to_lowercase().replace([' ', '-'], "_");
    likeliest(&given, fields.iter().copied()).or_else(|| {
        let begins = |field: &&&str| given.len() > 3 && field.starts_with(&given);
        fields.iter().find(begins).copied()
    })
}
