//! CSV with a header line as records.
//!
//! Lines are counted here: the `csv` crate gives as line of a row the one on which the row before it ended, which is
//! another one where lines end as on Windows, or where blank lines come between.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use csv::{ErrorKind, Position};

use super::fault::{Fault, Faults};
use super::quotation::find_unclosed;
use super::record::{Kind, Record, Values, unknown_field};
use crate::model::Rule;

/// Reads every row; one that cannot be read is an error and the next ones are read all the same.
pub(crate) fn read(path: &Path, bytes: &[u8], kind: &Kind, faults: &mut Faults) -> Vec<Record> {
    let unclosed = find_unclosed(bytes);
    if let Some(unclosed) = &unclosed {
        faults.push(Fault::at(
            path,
            unclosed.line,
            unclosed.cell,
            "a quotation mark opens here and is never closed".to_owned(),
            "un guillemet s’ouvre ici et ne se ferme jamais".to_owned(),
        ));
    }
    let is_cut = unclosed.is_some();
    let bytes = unclosed
        .and_then(|unclosed| bytes.get(..unclosed.row))
        .unwrap_or(bytes);
    let mut lines = Lines::of(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let (line, headers): (u64, Vec<String>) = match reader.headers() {
        Ok(headers) => (
            lines.of_row(headers.position()),
            // Spreadsheets write a mark before the first header.
            headers
                .iter()
                .map(|header| header.trim_start_matches('\u{feff}').to_owned())
                .collect(),
        ),
        Err(error) => {
            faults.push(refused(path, &mut lines, &error));
            return Vec::new();
        }
    };
    if headers.iter().all(String::is_empty) {
        // What precedes an open quotation mark is no whole file.
        if !is_cut {
            faults.push(no_header(path, kind));
        }
        return Vec::new();
    }
    if is_refused(path, line, &headers, kind, faults) {
        return Vec::new();
    }
    let columns = Arc::new(columns(path, line, &headers, kind.fields, faults));
    let mut records = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                faults.push(refused(path, &mut lines, &error));
                continue;
            }
        };
        records.push(Record {
            line: lines.of_row(row.position()),
            columns: Arc::clone(&columns),
            values: Values::Row(row),
        });
    }
    if records.is_empty() {
        faults.remark(Fault::of_file(
            path,
            "no rows below the header line".to_owned(),
            "aucune ligne sous l’en-tête".to_owned(),
        ));
    }
    records
}

fn no_header(path: &Path, kind: &Kind) -> Fault {
    let such = kind.needed.join(",");
    Fault::of_file(
        path,
        format!("no header line: the first line names the columns, such as {such}"),
        format!("pas d’en-tête : la première ligne nomme les colonnes, comme {such}"),
    )
}

/// Whether the header line is such that rows below it would only be wrong for the same reason. It is told once.
fn is_refused(
    path: &Path,
    line: u64,
    headers: &[String],
    kind: &Kind,
    faults: &mut Faults,
) -> bool {
    for (mark, en, fr) in [
        (';', "semicolons", "des points-virgules"),
        ('\t', "tabs", "des tabulations"),
    ] {
        if headers.iter().any(|header| header.contains(mark)) {
            faults.push(Fault::at(
                path,
                line,
                1,
                format!("cells must be separated by commas; line {line} has {en}"),
                format!("les cellules se séparent par des virgules; la ligne {line} a {fr}"),
            ));
            return true;
        }
    }
    let is_missing = |field: &&&str| !headers.iter().any(|header| header == **field);
    let missing: Vec<&str> = kind.needed.iter().filter(is_missing).copied().collect();
    if missing.is_empty() {
        return false;
    }
    let missing = missing.join(", ");
    faults.push(Fault::at(
        path,
        line,
        1,
        format!("columns missing: {missing}"),
        format!("colonnes manquantes : {missing}"),
    ));
    // Those that are there may be missing by another name.
    columns(path, line, headers, kind.fields, faults);
    true
}

/// The column of each field, from 1. Headers that are unknown or come twice are errors.
fn columns(
    path: &Path,
    line: u64,
    headers: &[String],
    fields: &[&str],
    faults: &mut Faults,
) -> HashMap<String, usize> {
    let mut columns = HashMap::new();
    for (position, header) in headers.iter().enumerate() {
        let column = position + 1;
        if !fields.contains(&header.as_str()) {
            faults.push(unknown_field(path, line, column, header, fields));
        } else if columns.insert(header.clone(), column).is_some() {
            let value = header.clone();
            let rule = Rule::Duplicate { value };
            faults.push(Fault::at_field(path, line, column, header, rule));
        }
    }
    columns
}

/// A row that cannot be read, at its first cell that is too much, missing or not text.
fn refused(path: &Path, lines: &mut Lines<'_>, error: &csv::Error) -> Fault {
    match error.kind() {
        ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } => Fault::at(
            path,
            lines.of_row(pos.as_ref()),
            expected_len.min(len) + 1,
            format!("cells in the row: {len}; in the header: {expected_len}"),
            format!("cellules dans la ligne : {len}; dans l’en-tête : {expected_len}"),
        ),
        ErrorKind::Utf8 { pos, err } => Fault::at(
            path,
            lines.of_row(pos.as_ref()),
            err.field() as u64 + 1,
            "not UTF-8 text: save the file as CSV UTF-8".to_owned(),
            "texte qui n’est pas en UTF-8 : enregistrez le fichier en CSV UTF-8".to_owned(),
        ),
        _ => Fault::of_file(
            path,
            format!("cannot be read: {error}"),
            format!("lecture impossible : {error}"),
        ),
    }
}

/// Counts the lines of a file up to rows that come in order. A line ends in `\n`, `\r\n` or `\r`.
struct Lines<'b> {
    bytes: &'b [u8],
    /// How far lines were counted.
    counted: usize,
    /// The line there, from 1.
    line: u64,
}

impl<'b> Lines<'b> {
    const fn of(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            counted: 0,
            line: 1,
        }
    }

    /// The line of a row, from 1. A position is where the row before it ended, which may be amid its line end, and
    /// before blank lines; these are passed over first.
    fn of_row(&mut self, position: Option<&Position>) -> u64 {
        let end = position.and_then(|position| usize::try_from(position.byte()).ok());
        let end = end.unwrap_or(self.counted);
        let ends_line = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let passed = self.bytes.iter().skip(end).take_while(ends_line).count();
        let start = end + passed;
        let stretch = self.bytes.get(self.counted..start).unwrap_or_default();
        let is_end = |(position, byte): &(usize, &u8)| match byte {
            b'\n' => true,
            b'\r' => stretch.get(position + 1) != Some(&b'\n'),
            _ => false,
        };
        self.line += stretch.iter().enumerate().filter(is_end).count() as u64;
        self.counted = self.counted.max(start);
        self.line
    }
}
