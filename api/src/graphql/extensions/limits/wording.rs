//! What is said of a document that does not fit the schema. The library's own words quote the document and its variables;
//! these say which rule is broken, and the error's position says where.
//!
//! Nothing here repeats what was sent: names that are told to those who may explore are the schema's.

/// How the library's message begins, what it goes on with, and what is said instead. The first that fits counts.
const RULES: [(&str, &str, &str); 24] = [
    (
        "Unknown field ",
        "",
        "A field that is selected does not exist on its type.",
    ),
    (
        "Unknown argument ",
        "",
        "An argument does not exist on its field or directive.",
    ),
    ("Unknown type ", "", "A type does not exist."),
    ("Unknown directive ", "", "A directive does not exist."),
    (
        "Unknown fragment",
        "",
        "A fragment that is spread is not defined.",
    ),
    (
        "Invalid value for argument ",
        ", unknown field ",
        "A value has a field that its type does not know.",
    ),
    (
        "Invalid value for argument ",
        " is required but not provided",
        "A value lacks a field that its type requires.",
    ),
    (
        "Invalid value for argument ",
        ", enumeration type ",
        "A value is none of its enumeration.",
    ),
    (
        "Invalid value for argument ",
        "",
        "A value does not fit the type of its argument.",
    ),
    (
        "Invalid default value ",
        "",
        "A default value does not fit the type of its variable.",
    ),
    (
        "Argument ",
        "",
        "A variable with a default value has a type that allows none.",
    ),
    (
        "Fields ",
        "",
        "Fields of one name in the response differ. Give them different aliases.",
    ),
    (
        "Field ",
        " must not have a selection",
        "A field without subfields has a selection.",
    ),
    (
        "Field ",
        " must have a selection",
        "A field needs a selection of its subfields.",
    ),
    (
        "Field ",
        " is required but not provided",
        "A field lacks an argument that it requires.",
    ),
    (
        "Directive ",
        " is required but not provided",
        "A directive lacks an argument that it requires.",
    ),
    (
        "Directive ",
        "",
        "A directive stands where it is not allowed.",
    ),
    (
        "Duplicate directive ",
        "",
        "A directive is repeated that may stand once.",
    ),
    (
        "There can only be one ",
        "",
        "An argument or a variable stands twice.",
    ),
    ("Fragment ", " is never used", "A fragment is never used."),
    (
        "Fragment ",
        "",
        "A fragment is on a type that it cannot be used with.",
    ),
    (
        "Variable ",
        " is not defined",
        "A variable is used that is not defined.",
    ),
    (
        "Variable ",
        " is not used",
        "A variable is defined that is not used.",
    ),
    (
        "Variable ",
        "",
        "A variable is of a type that does not fit where it is used.",
    ),
];

/// What is said when a value did not fit its type while the operation ran.
pub(super) const BAD_VALUE: &str = "A value does not fit its type.";

/// The words for the library's `message` of validation; with names of the schema that help for those who may see them.
pub(super) fn of_validation(message: &str, may_explore: bool) -> String {
    let rule = RULES.iter().find(|(start, within, _)| {
        message
            .strip_prefix(start)
            .is_some_and(|rest| rest.contains(within))
    });
    let mut words = rule
        .map_or("The document does not fit the schema.", |(_, _, words)| {
            words
        })
        .to_owned();
    if may_explore && let Some(hint) = hint(message) {
        words.push(' ');
        words.push_str(&hint);
    }
    words
}

/// The words for the library's `message` of a value that did not fit.
pub(super) fn of_value(message: &str) -> String {
    let expected = ["Expected input type \"", "Failed to parse \""]
        .into_iter()
        .find_map(|start| message.strip_prefix(start)?.split_once('"'))
        .map(|(name, _)| name)
        .filter(|name| is_type(name));
    expected.map_or_else(
        || BAD_VALUE.to_owned(),
        |name| format!("A value does not fit the type \"{name}\"."),
    )
}

/// What the library adds from the schema: names that are like the one that was sent, or what was expected.
fn hint(message: &str) -> Option<String> {
    if message.starts_with("Unknown field ") || message.starts_with("Unknown argument ") {
        // Names have no spaces, so these words are the library's.
        let (_, names) = message.split_once(" Did you mean ")?;
        return Some(format!("Did you mean {names}"));
    }
    let rest = message.strip_prefix("Invalid value for argument ")?;
    if let Some((_, rest)) = rest.rsplit_once(", expected type \"") {
        let name = rest.strip_suffix('"').filter(|name| is_type(name))?;
        return Some(format!("Expected: \"{name}\"."));
    }
    let (_, rest) = rest.rsplit_once(", field \"")?;
    let (name, _) = rest
        .strip_suffix(" is required but not provided")?
        .split_once('"')?;
    is_type(name).then(|| format!("Required: \"{name}\"."))
}

/// Whether a text can be a name or the type of an input.
fn is_type(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_[]!".contains(letter);
    !text.is_empty() && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_never_repeated() {
        let sent = "s3cret";
        for message in [
            format!("Unknown field \"{sent}\" on type \"Query\"."),
            format!("Unknown argument \"{sent}\" on field \"list\" of type \"Query\"."),
            format!("Unknown type \"{sent}\""),
            format!("Unknown directive \"{sent}\""),
            format!("Unknown fragment: \"{sent}\""),
            format!(
                "Invalid value for argument \"a\", enumeration type \"Kind\" does not contain the value \"{sent}\""
            ),
            format!("Invalid value for argument \"a\", unknown field \"{sent}\" of type \"Input\""),
            format!("Fields \"{sent}\" conflict because they have differing arguments."),
            format!("Directive \"{sent}\" may not be used on \"Query\""),
            format!("Duplicate directive \"{sent}\""),
            format!("There can only be one variable named \"${sent}\""),
            format!("Fragment \"{sent}\" is never used"),
            format!("Variable \"${sent}\" is not defined by operation \"{sent}\""),
            format!("Variable \"${sent}\" is not used"),
            format!("Something that a later version says of {sent}"),
        ] {
            for may_explore in [false, true] {
                let words = of_validation(&message, may_explore);
                assert!(!words.contains(sent) && words.ends_with('.'), "{words}");
            }
        }
        assert_eq!(
            of_value(&format!("Failed to parse \"{sent} \": no")),
            BAD_VALUE
        );
    }

    #[test]
    fn the_schemas_names_are_for_those_who_may_explore() {
        for (message, words) in [
            (
                "Unknown field \"nam\" on type \"Query\". Did you mean \"name\"?",
                "A field that is selected does not exist on its type. Did you mean \"name\"?",
            ),
            (
                "Invalid value for argument \"a.0\", expected type \"[Int!]\"",
                "A value does not fit the type of its argument. Expected: \"[Int!]\".",
            ),
            (
                "Invalid value for argument \"a\", field \"id\" of type \"ID!\" is required but not provided",
                "A value lacks a field that its type requires. Required: \"id\".",
            ),
        ] {
            assert_eq!(of_validation(message, true), words);
            let (rule, _) = words.split_once(". ").unwrap();
            assert_eq!(of_validation(message, false), format!("{rule}."));
        }
        // Words that were sent as a value are no hint.
        let forged = "Invalid value for argument \"a\", enumeration type \"Kind\" does not contain the value \"x Did you mean y?\"";
        assert_eq!(
            of_validation(forged, true),
            "A value is none of its enumeration."
        );
    }
}
