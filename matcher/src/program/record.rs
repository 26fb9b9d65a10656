//! Files as records of named cells. What the cells mean is decided elsewhere; where they stand is kept for the errors.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::rc::Rc;

use matcher::model::Rule;

use super::cell::{Cells, Value};
use super::fault::{Fault, Faults};
use super::{json_lines, table};

/// One line of a file.
pub(crate) struct Record {
    /// Line in the file, from 1.
    pub(crate) line: u64,
    /// Where each field stands, from 1: the cell of a table, the character of a line of JSON.
    pub(crate) columns: Rc<HashMap<String, usize>>,
    /// What is there; blank cells are not.
    pub(crate) values: BTreeMap<String, Value>,
}

/// Reads every record and decodes it. `decode` also gives the record's name, which must not come twice; if it does, the
/// error is at the field `key`, and only the first record counts.
pub(crate) fn read<T>(
    path: &Path,
    fields: &[&str],
    key: &str,
    faults: &mut Faults,
    mut decode: impl FnMut(&mut Cells<'_>, &mut String) -> Option<T>,
) -> Vec<T> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.push(Fault::unreadable(path, "", error.to_string()));
            return Vec::new();
        }
    };
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let records = match ending.as_str() {
        "csv" => table::read(path, &bytes, fields, faults),
        "jsonl" | "ndjson" => json_lines::read(path, &bytes, fields, faults),
        _ => {
            faults.push(Fault::unreadable(
                path,
                "",
                "the name must end in .csv or .jsonl".to_owned(),
            ));
            return Vec::new();
        }
    };
    let mut decoded = Vec::new();
    let mut seen = HashSet::new();
    for record in records {
        let mut cells = Cells::new(path, &record);
        let mut name = String::new();
        if let Some(value) = decode(&mut cells, &mut name) {
            if seen.insert(name.clone()) {
                decoded.push(value);
            } else {
                cells.refuse(key, Rule::Duplicate { value: name });
            }
        }
        faults.extend(cells.into_faults());
    }
    decoded
}

/// The error of a field that no record of this kind has.
pub(crate) fn unknown_field(
    path: &Path,
    line: u64,
    column: usize,
    field: &str,
    fields: &[&str],
) -> Fault {
    let rule = Rule::Unreadable {
        expected: fields.join(", "),
        given: field.to_owned(),
    };
    Fault::at_field(path, line, column, field, rule)
}
