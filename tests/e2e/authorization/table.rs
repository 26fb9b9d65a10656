//! Tables of words that people read, and snapshots of them.

use std::collections::BTreeMap;

/// Rows under a heading, each column as wide as it must be.
pub(super) fn table(heading: &[&str], rows: &[(String, Vec<String>)]) -> String {
    let widest = |column: usize| {
        let cells = rows.iter().map(|(_, cells)| cells[column].chars().count());
        cells
            .chain([heading[column + 1].chars().count()])
            .max()
            .unwrap()
    };
    let widths: Vec<usize> = (0..heading.len() - 1).map(widest).collect();
    let first = rows.iter().map(|(name, _)| name.chars().count());
    let first = first.chain([heading[0].chars().count()]).max().unwrap();
    let line = |name: &str, cells: Vec<&str>| {
        let cells = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("  {cell:<width$}"));
        format!("{name:<first$}{}", cells.collect::<String>())
            .trim_end()
            .to_owned()
    };
    let body = rows
        .iter()
        .map(|(name, cells)| line(name, cells.iter().map(String::as_str).collect()));
    std::iter::once(line(heading[0], heading[1..].to_vec()))
        .chain(body)
        .collect::<Vec<_>>()
        .join("\n")
}

/// `groups` under their headings.
pub(super) fn chapters(groups: &BTreeMap<String, String>) -> String {
    let chapters = groups
        .iter()
        .map(|(heading, text)| format!("## {heading}\n{text}"));
    chapters.collect::<Vec<_>>().join("\n\n")
}

/// Compares with the snapshot of this name; a difference is told with what to do about it.
macro_rules! assert_printed {
    ($name:expr, $text:expr) => {
        insta::with_settings!({
            description => crate::authorization::READ_IT,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

pub(super) use assert_printed;
