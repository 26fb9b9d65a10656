//! What can be wrong with a value, as data and in words. Where it stood in a file is added by whoever read the file.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Locale;

/// A rule that a value breaks, and the field where it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// Path of the field, as `skills[2].level`.
    pub field: String,
    /// What is wrong with it.
    pub rule: Rule,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// A value is needed and none was given.
    Empty,
    /// The text is longer than `limit` bytes.
    TooLong {
        /// Most bytes.
        limit: usize,
        /// Bytes given.
        given: usize,
    },
    /// The text holds a control character, such as a line break.
    ControlCharacter,
    /// The number lies outside `least..=most`.
    OutOfRange {
        /// Least value allowed.
        least: i64,
        /// Greatest value allowed.
        most: i64,
        /// The value given.
        given: i64,
    },
    /// The value is not of the kind or words expected.
    Unreadable {
        /// What was expected.
        expected: Expected,
        /// What was given.
        given: String,
    },
    /// A weekly window ends at or before its start. It may not cross midnight either: split it in two.
    WindowNotForward,
    /// A range of dates ends before it starts.
    EndsBeforeStart,
    /// The end of a pause, to come, of someone who is not paused.
    DateWithoutPause,
    /// No such IANA time zone.
    UnknownZone {
        /// The zone given.
        given: String,
    },
    /// Not an ISO 639-1 code.
    UnknownLanguage {
        /// The code given.
        given: String,
    },
    /// The same value twice.
    Duplicate {
        /// The value.
        value: String,
    },
    /// More entries than allowed.
    TooMany {
        /// Most entries.
        limit: usize,
        /// Entries given.
        given: usize,
    },
    /// An id that nothing in the snapshot has.
    UnknownReference {
        /// The id.
        id: String,
    },
    /// A skill related to itself.
    SelfRelation,
    /// The same pair is both pinned and prohibited.
    PinnedAndProhibited,
}

/// What was expected of a value, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    en: Cow<'static, str>,
    fr: Cow<'static, str>,
}

impl Expected {
    /// Words in English and in French.
    pub fn new(en: impl Into<Cow<'static, str>>, fr: impl Into<Cow<'static, str>>) -> Self {
        Self {
            en: en.into(),
            fr: fr.into(),
        }
    }

    /// A notation, such as `skill:level:years`, which is the same in both languages.
    pub fn notation(notation: impl Into<Cow<'static, str>>) -> Self {
        let notation = notation.into();
        Self::new(notation.clone(), notation)
    }
}

impl Rule {
    /// Says at which field the rule is broken.
    #[must_use]
    pub fn at(self, field: impl Into<String>) -> Invalid {
        Invalid {
            field: field.into(),
            rule: self,
        }
    }

    /// The rule in words.
    #[must_use]
    pub fn words(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.in_english(),
            Locale::Fr => self.in_french(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Empty => "a value is needed".into(),
            Self::TooLong { limit, given } => format!("at most {limit} bytes, not {given}"),
            Self::ControlCharacter => "holds a control character".into(),
            Self::OutOfRange { least, most, given } => {
                format!("must be from {least} to {most}, not {given}")
            }
            Self::Unreadable { expected, given } => {
                format!("expected {}, not \"{given}\"", expected.en)
            }
            Self::WindowNotForward => {
                "a window ends after it starts and never crosses midnight: split it in two".into()
            }
            Self::EndsBeforeStart => "ends before it starts".into(),
            Self::DateWithoutPause => "a date goes with the status paused only".into(),
            Self::UnknownZone { given } => {
                format!("\"{given}\" is no IANA time zone, such as America/St_Johns")
            }
            Self::UnknownLanguage { given } => {
                format!("\"{given}\" is no ISO 639-1 code, such as en or fr")
            }
            Self::Duplicate { value } => format!("\"{value}\" is given twice"),
            Self::TooMany { limit, given } => format!("at most {limit}, not {given}"),
            Self::UnknownReference { id } => format!("nothing here is called \"{id}\""),
            Self::SelfRelation => "a skill is not related to itself".into(),
            Self::PinnedAndProhibited => "the pair is both pinned and prohibited".into(),
        }
    }

    fn in_french(&self) -> String {
        match self {
            Self::Empty => "une valeur est nécessaire".into(),
            Self::TooLong { limit, given } => format!("au plus {limit} octets, et non {given}"),
            Self::ControlCharacter => "contient un caractère de commande".into(),
            Self::OutOfRange { least, most, given } => {
                format!("doit être de {least} à {most}, et non {given}")
            }
            Self::Unreadable { expected, given } => {
                format!("attendu : {}, et non « {given} »", expected.fr)
            }
            Self::WindowNotForward => {
                "une plage finit après son début et ne passe jamais minuit : coupez-la en deux"
                    .into()
            }
            Self::EndsBeforeStart => "finit avant de commencer".into(),
            Self::DateWithoutPause => "une date ne va qu’avec l’état « paused »".into(),
            Self::UnknownZone { given } => {
                format!("« {given} » n’est pas un fuseau horaire de l’IANA, comme America/St_Johns")
            }
            Self::UnknownLanguage { given } => {
                format!("« {given} » n’est pas un code ISO 639-1, comme en ou fr")
            }
            Self::Duplicate { value } => format!("« {value} » est donné deux fois"),
            Self::TooMany { limit, given } => format!("au plus {limit}, et non {given}"),
            Self::UnknownReference { id } => format!("rien ici ne s’appelle « {id} »"),
            Self::SelfRelation => "une compétence n’est pas liée à elle-même".into(),
            Self::PinnedAndProhibited => "la paire est à la fois épinglée et interdite".into(),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_english())
    }
}

/// Adds a duplicate fault for each value that `items` holds again.
pub(super) fn refuse_duplicates<'a, T: Ord + fmt::Display + 'a>(
    field: &str,
    items: impl IntoIterator<Item = &'a T>,
    faults: &mut Vec<Invalid>,
) {
    let mut seen = std::collections::BTreeSet::new();
    for item in items {
        if !seen.insert(item) {
            faults.push(
                Rule::Duplicate {
                    value: item.to_string(),
                }
                .at(field),
            );
        }
    }
}

/// Adds a fault when there are more than `limit` entries.
pub(super) fn refuse_too_many(field: &str, limit: usize, given: usize, faults: &mut Vec<Invalid>) {
    if given > limit {
        faults.push(Rule::TooMany { limit, given }.at(field));
    }
}
