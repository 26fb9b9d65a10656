//! Names, of people and of what they call theirs: what is accepted. They stand in mails to others, so they carry no links.

use entity::personal::Personal;

use crate::domain::text;
use crate::error::{Code, Violation};

/// The longest given or family name, in characters.
pub const MAX: usize = 80;

/// Checks a name that is needed, of at most `max` characters: something other than spaces, and a name.
pub fn needed_violation(name: &Personal, field: &str, max: usize) -> Option<Violation> {
    if name.expose().trim().is_empty() {
        return Some(text::required(field));
    }
    violation(name, field, max)
}

/// Checks any part of a name: at most `max` characters, none of them a control character, no link.
pub fn violation(name: &Personal, field: &str, max: usize) -> Option<Violation> {
    let name = name.expose();
    if let Some(violation) = text::too_long(name, field, max) {
        return Some(violation);
    }
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
        needed_violation(&Personal::new(name), "givenName", MAX).map(|violation| violation.code)
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
        ] {
            assert_eq!(code(name), None, "{name}");
        }
    }

    #[test]
    fn blanks_lengths_links_and_line_breaks_are_not() {
        for name in ["", "  "] {
            assert_eq!(code(name), Some(Code::Required), "{name}");
        }
        assert_eq!(code(&"é".repeat(MAX)), None);
        assert_eq!(code(&"é".repeat(MAX + 1)), Some(Code::TooLong));
        for name in [
            "Win at HTTPS://evil.example",
            "see www.evil.example",
            "A\r\nBcc: b",
        ] {
            assert_eq!(code(name), Some(Code::Invalid), "{name}");
        }
    }
}
