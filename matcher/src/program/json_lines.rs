//! One JSON object a line as records.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::error::Category;

use super::cell::Value;
use super::fault::{Fault, Faults};
use super::record::{Kind, Record, Values, unknown_field};
use crate::model::Rule;

/// Reads every line that is not blank; one that cannot be read is an error and the next ones are read all the same.
pub(crate) fn read(path: &Path, bytes: &[u8], kind: &Kind, faults: &mut Faults) -> Vec<Record> {
    // Some editors write a mark before the text.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut records = Vec::new();
    let mut is_blank = true;
    for (position, text) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        is_blank = false;
        let line = position as u64 + 1;
        match serde_json::from_slice(text) {
            Ok(object) => records.push(record(path, line, text, object, kind.fields, faults)),
            Err(error) => faults.push(refused(path, line, text, &error)),
        }
    }
    if is_blank {
        faults.push(Fault::of_file(
            path,
            "no records: a file of JSON Lines has one object a line".to_owned(),
            "aucune donnée : un fichier JSON Lines a un objet par ligne".to_owned(),
        ));
    }
    records
}

fn record(
    path: &Path,
    line: u64,
    text: &[u8],
    object: Object<'_>,
    fields: &[&str],
    faults: &mut Faults,
) -> Record {
    let mut columns = HashMap::new();
    let mut values = BTreeMap::new();
    for (Key(field), value) in object.0 {
        let column = column_of(text, &field);
        let field = field.into_owned();
        if !fields.contains(&field.as_str()) {
            faults.push(unknown_field(path, line, column, &field, fields));
            continue;
        }
        if columns.insert(field.clone(), column).is_some() {
            let value = field.clone();
            let rule = Rule::Duplicate { value };
            faults.push(Fault::at_field(path, line, column, &field, rule));
            continue;
        }
        match Value::from_json(&value) {
            Ok(value) => values.extend(value.map(|value| (field, value))),
            Err(rule) => faults.push(Fault::at_field(path, line, column, &field, rule)),
        }
    }
    Record {
        line,
        columns: Arc::new(columns),
        values: Values::Object(values),
    }
}

/// A line that is no JSON object. The parser knows one line only, so what it says of lines is left out; it speaks English.
fn refused(path: &Path, line: u64, text: &[u8], error: &serde_json::Error) -> Fault {
    let column = column(text, error.column().saturating_sub(1));
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let (en, fr) = match error.classify() {
        Category::Eof => (
            "the line ends before its object does".to_owned(),
            "la ligne finit avant son objet",
        ),
        Category::Data => (
            "one JSON object a line is needed".to_owned(),
            "il faut un objet JSON par ligne",
        ),
        Category::Syntax | Category::Io => (
            format!("not JSON here: {message}"),
            "ce n’est pas du JSON à cet endroit",
        ),
    };
    Fault::at(path, line, column as u64, en, fr.to_owned())
}

/// The character, from 1, at which a field's name begins in its line. A name with escapes is no part of the line, but a
/// copy, and no field has one: 1 stands for it.
fn column_of(text: &[u8], field: &str) -> usize {
    let inside = field.as_ptr().addr().checked_sub(text.as_ptr().addr());
    match inside.filter(|inside| *inside < text.len()) {
        // The quotation mark stands before the name.
        Some(inside) => column(text, inside.saturating_sub(1)),
        None => 1,
    }
}

/// The character, from 1, at a byte of a line.
fn column(text: &[u8], byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    String::from_utf8_lossy(before).chars().count() + 1
}

/// The entries of an object in their order, those that come twice included.
struct Object<'l>(Vec<(Key<'l>, serde_json::Value)>);

/// The name of a field: a part of the line where it has no escapes.
#[derive(Deserialize)]
struct Key<'l>(#[serde(borrow)] Cow<'l, str>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Object<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Object(entries))
    }
}
