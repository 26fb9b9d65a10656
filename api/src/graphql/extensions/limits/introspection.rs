//! How far the schema may be followed from type to type. Such documents are small and their answers huge, and no cost
//! is counted for them: the standard query, which every tool sends, is larger than any other may be.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// The fields that lead from a type to many others.
const FANS: [&str; 3] = ["fields", "inputFields", "possibleTypes"];
/// How many of them may lie on one path; the standard query has one.
const FANS_ON_A_PATH: usize = 2;
/// Deeper than any document that the other limits let pass.
const DEPTH: usize = 100;

/// Why `document` asks too much of the schema, if it does.
pub(super) fn refusal(document: &ExecutableDocument) -> Option<&'static str> {
    let mut walk = Walk {
        document,
        schemas: 0,
        is_too_wide: false,
    };
    for (_, operation) in document.operations.iter() {
        walk.selections(&operation.node.selection_set.node, 0, 0);
    }
    if walk.is_too_wide {
        Some("The schema is followed too far. Name types by __type instead.")
    } else {
        (walk.schemas > 1).then_some("__schema is asked for more than once.")
    }
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    /// How often `__schema` is selected.
    schemas: usize,
    is_too_wide: bool,
}

impl<'a> Walk<'a> {
    fn selections(&mut self, selected: &'a SelectionSet, fans: usize, depth: usize) {
        // Fields of our own types are not named so; a fragment that never ends is told by validation.
        if depth > DEPTH || self.is_too_wide {
            return;
        }
        for selection in &selected.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    self.schemas += usize::from(name == "__schema");
                    let fans = fans + usize::from(FANS.contains(&name));
                    self.is_too_wide |= fans > FANS_ON_A_PATH;
                    self.selections(&field.node.selection_set.node, fans, depth + 1);
                }
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, fans, depth + 1);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name) {
                        self.selections(&fragment.node.selection_set.node, fans, depth + 1);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::refusal;

    fn refused(document: &str) -> Option<&'static str> {
        refusal(&parse_query(document).unwrap())
    }

    #[test]
    fn two_steps_from_type_to_type_pass_and_three_do_not() {
        let steps = |steps: usize| {
            let (open, close) = ("fields{type{".repeat(steps), "}}".repeat(steps));
            format!("{{__schema{{types{{{open}name{close}}}}}}}")
        };
        assert_eq!(refused(&steps(2)), None);
        assert!(refused(&steps(3)).unwrap().contains("too far"));
        let mixed = "{__type(name:\"A\"){possibleTypes{inputFields{type{fields{name}}}}}}";
        assert!(refused(mixed).unwrap().contains("too far"));
        let by_fragments = "{__schema{types{...A}}} fragment A on __Type{fields{type{...B}}} \
                            fragment B on __Type{fields{type{...C}}} fragment C on __Type{fields{name}}";
        assert!(refused(by_fragments).unwrap().contains("too far"));
    }

    #[test]
    fn the_schema_is_asked_for_once() {
        assert_eq!(
            refused("{__schema{types{name}} __type(name:\"A\"){name}}"),
            None
        );
        let twice = "{a:__schema{types{name}} ...B} fragment B on Query{__schema{types{name}}}";
        assert!(refused(twice).unwrap().contains("more than once"));
    }
}
