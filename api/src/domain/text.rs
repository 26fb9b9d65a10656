//! What people write: one text in English, French or both, and the limits on every text before it is stored.
//!
//! Nothing is translated or cut here: what is over a limit is refused, with the length it has.

use entity::language::Language;
use entity::personal::Personal;
use url::Url;

use crate::error::{Code, Violation};

/// The longest web address that is stored, in characters.
const MAX_URL: usize = 500;

/// The longest text that is searched for, in characters. SQLite refuses patterns of 50,000 bytes.
const MAX_SEARCH: usize = 200;

/// A text in one language or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// In English.
    pub en: Option<String>,
    /// In French.
    pub fr: Option<String>,
}

/// In which language a text must be present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// In none.
    Nowhere,
    /// In either of them.
    Somewhere,
    /// In this one.
    In(Language),
}

impl Localized {
    /// The text as it is stored: trimmed, and absent where nothing was written.
    pub fn cleaned(&self) -> Self {
        Self {
            en: clean(self.en.as_deref()),
            fr: clean(self.fr.as_deref()),
        }
    }

    /// The text in `language`, if it exists.
    pub fn get(&self, language: Language) -> Option<&str> {
        match language {
            Language::En => self.en.as_deref(),
            Language::Fr => self.fr.as_deref(),
        }
    }

    /// What is wrong with it, at `field.en` and `field.fr`; `max` is in characters.
    pub fn violations(&self, field: &str, max: usize, needed: Needed) -> Vec<Violation> {
        let cleaned = self.cleaned();
        let mut found = Vec::new();
        match needed {
            Needed::In(language) if cleaned.get(language).is_none() => {
                found.push(required(&format!("{field}.{language}")));
            }
            Needed::Somewhere if cleaned.en.is_none() && cleaned.fr.is_none() => {
                found.push(required(field));
            }
            Needed::Nowhere | Needed::Somewhere | Needed::In(_) => {}
        }
        for language in Language::ALL {
            if let Some(text) = cleaned.get(*language) {
                found.extend(violation(text, &format!("{field}.{language}"), max));
            }
        }
        found
    }
}

/// Trimmed; absent when nothing is left.
pub fn clean(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// The same of what somebody wrote of themselves or of others.
pub fn clean_personal(text: Option<&Personal>) -> Option<Personal> {
    clean(text.map(|text| text.expose().as_str())).map(Personal::new)
}

/// What is wrong with a text of at most `max` characters; empty is fine.
pub fn violation(text: &str, field: &str, max: usize) -> Option<Violation> {
    too_long(text.trim(), field, max).or_else(|| control_violation(text, field))
}

/// The same of what somebody wrote of themselves or of others, counted as it is, since it may be stored so.
pub fn personal_violation(text: Option<&Personal>, field: &str, max: usize) -> Option<Violation> {
    let text = text?.expose();
    too_long(text, field, max).or_else(|| control_violation(text, field))
}

/// What is wrong with a text that has more than `max` characters.
pub fn too_long(text: &str, field: &str, max: usize) -> Option<Violation> {
    let length = text.chars().count();
    (length > max).then(|| {
        Violation::new(
            Code::TooLong,
            field,
            format!("At most {max} characters; there are {length}."),
            format!("Au plus {max} caractères; il y en a {length}."),
        )
    })
}

fn control_violation(text: &str, field: &str) -> Option<Violation> {
    has_control(text).then(|| {
        Violation::new(
            Code::Invalid,
            field,
            "There are control characters in this text; type it anew.",
            "Ce texte contient des caractères de contrôle; saisissez-le de nouveau.",
        )
    })
}

/// What is wrong with something to search for: it is as long as a line, and no more.
pub fn search_violation(text: Option<&str>, field: &str) -> Option<Violation> {
    violation(text.unwrap_or_default(), field, MAX_SEARCH)
}

/// Whether control characters other than line ends and tabs are in a text: PostgreSQL cannot store a NUL, and no other is
/// something a person means.
pub fn has_control(text: &str) -> bool {
    text.chars()
        .any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
}

/// What is wrong with a text that must not be empty.
pub fn required_violation(text: &str, field: &str, max: usize) -> Option<Violation> {
    if text.trim().is_empty() {
        Some(required(field))
    } else {
        violation(text, field, max)
    }
}

/// What is wrong with a web address; empty is fine.
pub fn url_violation(text: &str, field: &str) -> Option<Violation> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let is_web_address = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if is_web_address {
        return violation(text, field, MAX_URL);
    }
    Some(Violation::new(
        Code::Invalid,
        field,
        "This is not a web address; it begins with https:// or http://.",
        "Ce n’est pas une adresse Web; elle commence par https:// ou http://.",
    ))
}

/// A value is needed at `field`.
pub fn required(field: &str) -> Violation {
    Violation::new(
        Code::Required,
        field,
        "This is needed.",
        "Ce champ est requis.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn localized(en: &str, fr: &str) -> Localized {
        Localized {
            en: Some(en.to_owned()),
            fr: Some(fr.to_owned()),
        }
    }

    fn fields(violations: &[Violation]) -> Vec<(Code, &str)> {
        violations
            .iter()
            .map(|violation| (violation.code, violation.field.as_str()))
            .collect()
    }

    #[test]
    fn spaces_alone_are_no_text() {
        assert_eq!(localized("  ", "\n").cleaned(), Localized::default());
        let violations = localized(" ", "").violations("title", 10, Needed::Somewhere);
        assert_eq!(fields(&violations), [(Code::Required, "title")]);
    }

    #[test]
    fn the_original_language_must_be_present() {
        let violations = localized("Maps", "").violations("title", 10, Needed::In(Language::Fr));
        assert_eq!(fields(&violations), [(Code::Required, "title.fr")]);
    }

    #[test]
    fn a_limit_counts_characters_and_lets_its_own_length_pass() {
        let text = localized("éééé", "ééééé");
        let violations = text.violations("title", 4, Needed::Nowhere);
        assert_eq!(fields(&violations), [(Code::TooLong, "title.fr")]);
    }

    #[test]
    fn control_characters_are_refused_but_line_ends_are_not() {
        assert_eq!(violation("one\r\n\ttwo", "problem", 20), None);
        assert_eq!(
            violation("one\0two", "problem", 20).map(|found| found.code),
            Some(Code::Invalid)
        );
    }

    #[test]
    fn only_plain_web_addresses_pass() {
        for good in ["https://example.org", "http://example.org/a?b=c", ""] {
            assert_eq!(url_violation(good, "website"), None, "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "example.org",
            "ftp://example.org",
            "https://user:secret@example.org",
            "https://",
        ] {
            assert!(url_violation(bad, "website").is_some(), "{bad}");
        }
    }
}
