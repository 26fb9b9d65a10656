//! Errors of the input, each with its place.

use std::path::Path;

use matcher::model::{Invalid, Locale, Rule};

/// Most errors that are listed; the rest are counted.
const LISTED: usize = 50;

/// One error.
pub(crate) struct Fault {
    place: String,
    what: What,
}

enum What {
    Rule(Rule),
    /// Our own words, in English and in French.
    Said([String; 2]),
    /// The words of a library or of the system.
    Message(String),
}

impl Fault {
    /// An error without a place in a file.
    pub(crate) fn plain(message: String) -> Self {
        Self {
            place: String::new(),
            what: What::Message(message),
        }
    }

    /// An error of a whole file.
    pub(crate) fn of_file(path: &Path, invalid: &Invalid) -> Self {
        let place = format!("{} ({}): ", path.display(), invalid.field);
        Self {
            place,
            what: What::Rule(invalid.rule.clone()),
        }
    }

    /// A file or line that cannot be read.
    pub(crate) fn unreadable(path: &Path, place: &str, message: String) -> Self {
        Self {
            place: format!("{}{place}: ", path.display()),
            what: What::Message(message),
        }
    }

    /// A place that cannot be read, in our own words.
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
            What::Message(message) => format!("{}{message}", self.place),
        }
    }
}

/// All errors of the input.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.0.extend(faults);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors, one a line, and how many more there are.
    pub(crate) fn words(&self, locale: Locale) -> String {
        let mut lines: Vec<String> = self
            .0
            .iter()
            .take(LISTED)
            .map(|fault| fault.words(locale))
            .collect();
        let more = self.0.len().saturating_sub(LISTED);
        if more > 0 {
            lines.push(locale.pick(format!("… and {more} more"), format!("… et {more} de plus")));
        }
        lines.join("\n")
    }
}
