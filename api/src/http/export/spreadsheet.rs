//! Rows as CSV that a spreadsheet opens without running any of it: a text that begins as a formula does gets an apostrophe
//! in front. Numbers stay numbers, also negative ones.

use serde_json::Value;

/// What a spreadsheet takes for the beginning of a formula, and what it skips before looking for one.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A header and rows as UTF-8 CSV (RFC 4180).
pub(super) fn write(columns: &[&str], rows: &[Vec<Value>]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.iter().map(cell))?;
    }
    writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!("{}", error.error()))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => harmless(text),
        Value::Array(_) | Value::Object(_) => harmless(&value.to_string()),
    }
}

fn harmless(text: &str) -> String {
    // Also behind blanks, which some programs cut off first.
    if text.trim_start_matches([' ', '\n']).starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_never_a_formula_and_a_number_stays_one() {
        let rows = [vec![
            json!("=1+1"),
            json!("+1"),
            json!("-1"),
            json!("@SUM(A1)"),
            json!("\t=1"),
            json!(" =1"),
            json!(-75.5),
            json!(null),
            json!(true),
            json!("a \"quoted\", text"),
            json!({ "a": 1 }),
        ]];
        let columns: Vec<&str> = vec!["c"; 11];
        let bytes = write(&columns, &rows).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let expected = "'=1+1,'+1,'-1,'@SUM(A1),'\t=1,' =1,-75.5,,true,\"a \"\"quoted\"\", text\",\"{\"\"a\"\":1}\"";
        assert_eq!(text.split("\r\n").nth(1), Some(expected));
    }
}
