//! Properties over random documents: no text panics, and whatever the parser accepts was not undercounted.

use async_graphql::parser::{
    parse_query,
    types::{ExecutableDocument, Selection, SelectionSet},
};
use proptest::prelude::*;

use crate::graphql::extensions::document_guard::{GuardError, Limits, check};

/// Pieces that documents are made of, and pieces that confuse scanners.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "$",
        "@",
        "!",
        "=",
        "...",
        "\"",
        "\"\"\"",
        "\\",
        "\\\"\"\"",
        "#",
        "\n",
        "\r",
        ",",
        " ",
        "\u{feff}",
        "query",
        "mutation",
        "fragment",
        "on",
        "echo",
        "this",
        "F",
        "G",
        "values",
        "1",
        "-0",
        "1.5e3",
        "true",
        "null",
        "é",
        "\u{0}",
        "__typename",
        "Query",
        "Int",
        "include",
        "if",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Documents that are mostly valid: selections nested at random, with fragments.
fn documents() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "__typename ",
        "echo(values:[1,2]) ",
        "x:echo ",
        "...F ",
        "...G ",
    ])
    .prop_map(str::to_owned);
    let selection = leaf.prop_recursive(5, 40, 4, |inner| {
        (
            prop::sample::select(vec!["this", "...", "... on Query", "y:this"]),
            prop::collection::vec(inner, 1..4),
        )
            .prop_map(|(head, inner)| format!("{head}{{{}}}", inner.concat()))
    });
    prop::collection::vec(selection, 3).prop_map(|parts| {
        format!(
            "{{{}}}fragment F on Query{{{}}}fragment G on Query{{{}}}",
            parts[0], parts[1], parts[2]
        )
    })
}

/// Written out in full, as a careless server would: the number of selections, or none for a cycle.
fn written_out(set: &SelectionSet, document: &ExecutableDocument, depth: usize) -> Option<usize> {
    let mut total = 0;
    for item in &set.items {
        total += 1 + match &item.node {
            Selection::Field(field) => {
                written_out(&field.node.selection_set.node, document, depth)?
            }
            Selection::InlineFragment(inline) => {
                written_out(&inline.node.selection_set.node, document, depth)?
            }
            Selection::FragmentSpread(_) if depth > 3 => return None,
            Selection::FragmentSpread(spread) => {
                let fragment = &document.fragments[spread.node.fragment_name.node.as_str()];
                written_out(&fragment.node.selection_set.node, document, depth + 1)?
            }
        };
    }
    Some(total)
}

proptest! {
    #[test]
    fn no_text_panics_and_counts_stay_within_limits(text in prop_oneof![any::<String>(), pieces()]) {
        let limits = Limits::default();
        if let Ok(stats) = check(&text, &limits) {
            prop_assert!(stats.tokens <= limits.tokens && stats.tokens <= text.len());
            prop_assert!(stats.nesting <= limits.nesting && stats.nesting <= stats.tokens);
            prop_assert!(stats.definitions <= limits.definitions);
        }
    }

    #[test]
    fn whatever_parses_was_not_undercounted(text in prop_oneof![pieces(), documents()]) {
        let limits = Limits::default();
        let Ok(document) = parse_query(&text) else { return Ok(()) };
        match check(&text, &limits) {
            Ok(stats) => {
                let operation = document.operations.iter().next().unwrap().1;
                let selections = written_out(&operation.node.selection_set.node, &document, 0);
                prop_assert!(selections.is_some_and(|selections| selections <= stats.expansion), "{selections:?} {stats:?}");
                prop_assert_eq!(document.operations.iter().count() + document.fragments.len(), stats.definitions);
            }
            Err(GuardError::FragmentCycle) => {
                let all: Vec<_> = document.fragments.values().map(|fragment| &fragment.node.selection_set.node).collect();
                prop_assert!(all.iter().any(|set| written_out(set, &document, 0).is_none()));
            }
            // Stricter than the parser on purpose, or over a limit.
            Err(_) => {}
        }
    }

    #[test]
    fn insignificant_text_changes_no_count(document in documents(), blank in "[ ,\t\n]{1,3}(#[^\n\r]{0,10}\n)?") {
        let limits = Limits::default();
        let spaced: String = document
            .chars()
            .map(|mark| match mark {
                '{' | '}' => format!("{blank}{mark}{blank}"),
                _ => mark.to_string(),
            })
            .collect();
        prop_assert_eq!(check(&document, &limits), check(&spaced, &limits));
    }
}
