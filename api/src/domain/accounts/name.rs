//! Names of people: what is accepted beyond their length. They stand in mails to others, so they carry no links.

use crate::error::{Code, Violation};

/// Checks a given name: something other than spaces, and a name.
pub fn given_violation(name: &str, field: &str) -> Option<Violation> {
    // An empty one is told by its length already.
    if !name.is_empty() && name.trim().is_empty() {
        return Some(Violation::new(
            Code::Required,
            field,
            "This is needed.",
            "Ce champ est requis.",
        ));
    }
    violation(name, field)
}

/// Checks any part of a name: no control characters, no link.
pub fn violation(name: &str, field: &str) -> Option<Violation> {
    let lower = name.to_lowercase();
    let is_name = !name.chars().any(char::is_control)
        && !["://", "www."].iter().any(|mark| lower.contains(mark));
    (!is_name).then(|| {
        Violation::new(
            Code::Invalid,
            field,
            "A name has no line breaks and no links.",
            "Un nom ne contient ni saut de ligne ni lien.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str) -> Option<Code> {
        given_violation(name, "givenName").map(|violation| violation.code)
    }

    #[test]
    fn names_of_all_kinds_are_accepted() {
        for name in [
            "Amélie",
            "D’Arcy",
            "Siva a/l Raman",
            "J.",
            "李",
            "Marie-Ève Côté",
            "",
        ] {
            assert_eq!(code(name), None, "{name}");
        }
    }

    #[test]
    fn blanks_links_and_line_breaks_are_not() {
        assert_eq!(code("  "), Some(Code::Required));
        for name in [
            "Win at HTTPS://evil.example",
            "see www.evil.example",
            "A\r\nBcc: b",
        ] {
            assert_eq!(code(name), Some(Code::Invalid), "{name}");
        }
    }
}
