//! The two official languages, and texts that exist in one of them or in both.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language in which mail is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// Canadian English, `en`.
    #[serde(rename = "en")]
    English,
    /// Canadian French, `fr`.
    #[serde(rename = "fr")]
    French,
}

impl Language {
    /// Both languages, in the order in which a mail to someone of unknown language has them.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The ISO 639-1 code: `en` or `fr`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language of an ISO 639-1 code in lower case, if it is one of the two.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A short text that someone wrote in English, in French, or in both.
///
/// A reader of the other language gets the original with a label that says so, never nothing.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Text {
    en: Option<String>,
    fr: Option<String>,
}

impl Text {
    /// A text from what there is; empty strings count as absent.
    pub fn new(english: Option<String>, french: Option<String>) -> Self {
        let present = |text: &String| !text.trim().is_empty();
        Self {
            en: english.filter(present),
            fr: french.filter(present),
        }
    }

    /// A text that exists in both languages.
    pub fn bilingual(english: impl Into<String>, french: impl Into<String>) -> Self {
        Self::new(Some(english.into()), Some(french.into()))
    }

    /// A name, which is the same in both languages.
    pub fn name(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::bilingual(name.clone(), name)
    }

    /// What a reader of `language` sees: the text, or the other language's with a label; nothing if there is neither.
    pub fn for_reader(&self, language: Language) -> Option<String> {
        match (language, &self.en, &self.fr) {
            (Language::English, Some(text), _) | (Language::French, _, Some(text)) => {
                Some(text.clone())
            }
            (Language::English, None, Some(text)) => Some(format!("{text} (in French)")),
            (Language::French, Some(text), None) => Some(format!("{text} (en anglais)")),
            (_, None, None) => None,
        }
    }
}

/// One line: control characters, line ends and marks that reverse the direction of writing become single spaces.
///
/// Applied to whatever people wrote before it stands in a header or in a sentence, so that a title can neither add
/// a header nor a line of its own.
pub(super) fn single_line(text: &str) -> String {
    let is_break = |c: char| {
        c.is_control()
            || c.is_whitespace() && c != '\u{a0}'
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.split(is_break)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The paragraphs of a longer text that someone wrote, each a single line; empty ones are dropped.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    text.split(['\n', '\r', '\u{2028}', '\u{2029}'])
        .map(single_line)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Puts the no-break spaces of Canadian French typography where templates have plain ones: before a colon and inside
/// guillemets. Templates stay easy to type, and no line begins with a colon.
pub(super) fn french_spaces(text: &str) -> String {
    text.replace(" :", "\u{a0}:")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
}
