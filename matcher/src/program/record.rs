//! Files as records of named cells: CSV with a header, or one JSON object a line. What the cells mean is decided
//! elsewhere; where they stand is kept for the errors.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use matcher::model::Rule;

use super::cell::{Cells, Value};
use super::fault::{Fault, Faults};

/// Reads every record and decodes it. `decode` also gives the record's name, which must not come twice.
pub(crate) fn read<T>(
    path: &Path,
    fields: &[&str],
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
        "csv" => read_csv(path, &bytes, fields, faults),
        "jsonl" | "ndjson" => read_json_lines(path, &bytes, fields, faults),
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
    let mut seen: HashMap<String, u64> = HashMap::new();
    for record in records {
        let mut cells = Cells::new(path, &record);
        let mut name = String::new();
        let value = decode(&mut cells, &mut name);
        if value.is_some() && seen.insert(name.clone(), record.line).is_some() {
            cells.refuse("id", Rule::Duplicate { value: name });
        }
        faults.extend(cells.into_faults());
        decoded.extend(value);
    }
    decoded
}

/// One line of a file.
pub(crate) struct Record {
    /// Line in the file, from 1.
    pub(crate) line: u64,
    /// Column of each field, from 1, where the file has columns.
    pub(crate) columns: HashMap<String, usize>,
    pub(crate) values: BTreeMap<String, Value>,
}

fn read_csv(path: &Path, bytes: &[u8], fields: &[&str], faults: &mut Faults) -> Vec<Record> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let headers: Vec<String> = match reader.headers() {
        // Spreadsheets write a mark before the first header.
        Ok(headers) => headers
            .iter()
            .map(|header| header.trim_start_matches('\u{feff}').to_owned())
            .collect(),
        Err(error) => {
            faults.push(Fault::unreadable(path, "", error.to_string()));
            return Vec::new();
        }
    };
    let mut columns = HashMap::new();
    for (position, header) in headers.iter().enumerate() {
        if !fields.contains(&header.as_str()) {
            faults.push(unknown_field(path, 1, Some(position + 1), header, fields));
        } else if columns.insert(header.clone(), position + 1).is_some() {
            faults.push(Fault::at_field(
                path,
                1,
                Some(position + 1),
                header,
                Rule::Duplicate {
                    value: header.clone(),
                },
            ));
        }
    }
    let mut records = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(Fault::unreadable(
                    path,
                    &format!(":{line}"),
                    error.to_string(),
                ));
                continue;
            }
        };
        let cells = headers
            .iter()
            .zip(row.iter())
            .filter(|(_, cell)| !cell.is_empty());
        records.push(Record {
            line: row.position().map_or(0, csv::Position::line),
            columns: columns.clone(),
            values: cells
                .map(|(header, cell)| (header.clone(), Value::Text(cell.to_owned())))
                .collect(),
        });
    }
    records
}

fn read_json_lines(path: &Path, bytes: &[u8], fields: &[&str], faults: &mut Faults) -> Vec<Record> {
    let mut records = Vec::new();
    for (position, line_bytes) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = position as u64 + 1;
        if line_bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let object: serde_json::Map<String, serde_json::Value> =
            match serde_json::from_slice(line_bytes) {
                Ok(object) => object,
                Err(error) => {
                    faults.push(Fault::unreadable(
                        path,
                        &format!(":{line}:{}", error.column()),
                        error.to_string(),
                    ));
                    continue;
                }
            };
        let mut values = BTreeMap::new();
        for (field, value) in object {
            if !fields.contains(&field.as_str()) {
                faults.push(unknown_field(path, line, None, &field, fields));
                continue;
            }
            match Value::from_json(&value) {
                Ok(Some(value)) => {
                    values.insert(field, value);
                }
                Ok(None) => {}
                Err(rule) => faults.push(Fault::at_field(path, line, None, &field, rule)),
            }
        }
        records.push(Record {
            line,
            columns: HashMap::new(),
            values,
        });
    }
    records
}

fn unknown_field(
    path: &Path,
    line: u64,
    column: Option<usize>,
    field: &str,
    fields: &[&str],
) -> Fault {
    let rule = Rule::Unreadable {
        expected: fields.join(", "),
        given: field.to_owned(),
    };
    Fault::at_field(path, line, column, field, rule)
}
