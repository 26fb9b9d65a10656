//! Errors of the input, each with its place.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::model::{Invalid, Locale, Rule};

/// Most errors that are listed; the rest are counted.
const LISTED: usize = 50;

/// One error.
pub(crate) struct Fault {
    place: String,
    what: What,
}

enum What {
    Rule(Rule),
    /// Words in English and in French.
    Said([String; 2]),
}

impl Fault {
    /// A broken rule at a field of no file.
    pub(crate) fn plain(invalid: &Invalid) -> Self {
        Self {
            place: format!("{}: ", invalid.field),
            what: What::Rule(invalid.rule.clone()),
        }
    }

    /// A broken rule of a whole file.
    pub(crate) fn of_rule(path: &Path, invalid: &Invalid) -> Self {
        Self {
            place: format!("{} ({}): ", path.display(), invalid.field),
            what: What::Rule(invalid.rule.clone()),
        }
    }

    /// An error of a whole file, in English and in French.
    pub(crate) fn of_file(path: &Path, en: String, fr: String) -> Self {
        Self {
            place: format!("{}: ", path.display()),
            what: What::Said([en, fr]),
        }
    }

    /// A file that the system does not give. Its own words, where ours do not say why, are in its language.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let (en, fr) = match error.kind() {
            ErrorKind::NotFound => ("there is no such file", "ce fichier n’existe pas"),
            ErrorKind::PermissionDenied => ("may not be read", "la permission de le lire manque"),
            ErrorKind::IsADirectory => (
                "is a folder and not a file",
                "c’est un dossier et non un fichier",
            ),
            ErrorKind::InvalidData => ("not UTF-8 text", "ce n’est pas du texte en UTF-8"),
            _ => {
                let (en, fr) = (
                    format!("cannot be read: {error}"),
                    format!("lecture impossible : {error}"),
                );
                return Self::of_file(path, en, fr);
            }
        };
        Self::of_file(path, en.to_owned(), fr.to_owned())
    }

    /// A place that cannot be read, in English and in French.
    pub(crate) fn at(path: &Path, line: u64, column: u64, en: String, fr: String) -> Self {
        Self {
            place: format!("{}:{line}:{column}: ", path.display()),
            what: What::Said([en, fr]),
        }
    }

    /// A broken rule at a field.
    pub(crate) fn at_field(path: &Path, line: u64, column: usize, field: &str, rule: Rule) -> Self {
        Self {
            place: format!("{}:{line}:{column} ({field}): ", path.display()),
            what: What::Rule(rule),
        }
    }

    fn words(&self, locale: Locale) -> String {
        match &self.what {
            What::Rule(rule) => format!("{}{}", self.place, rule.words(locale)),
            What::Said([en, fr]) => format!("{}{}", self.place, locale.pick(en, fr)),
        }
    }
}

/// All errors of the input, and what is no error but worth a word.
#[derive(Default)]
pub(crate) struct Faults {
    errors: Vec<Fault>,
    remarks: Vec<Fault>,
}

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.errors.push(fault);
    }

    pub(crate) fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.errors.extend(faults);
    }

    /// Notes what is allowed and perhaps not meant.
    pub(crate) fn remark(&mut self, remark: Fault) {
        self.remarks.push(remark);
    }

    /// Whether there is no error.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors, one a line, and how many more there are.
    pub(crate) fn words(&self, locale: Locale) -> String {
        let mut lines: Vec<String> = self
            .errors
            .iter()
            .take(LISTED)
            .map(|fault| fault.words(locale))
            .collect();
        let more = self.errors.len().saturating_sub(LISTED);
        if more > 0 {
            lines.push(locale.pick(format!("… and {more} more"), format!("… et {more} de plus")));
        }
        lines.join("\n")
    }

    /// The remarks, one a line each.
    pub(crate) fn remarks(&self, locale: Locale) -> Vec<String> {
        self.remarks
            .iter()
            .map(|remark| remark.words(locale))
            .collect()
    }
}
