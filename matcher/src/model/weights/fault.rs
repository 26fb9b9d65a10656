//! What is wrong with the text of a policy, and on which line: for those who wrote the text.

use super::super::{Invalid, Locale};
use super::WeightsError;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightsFault {
    /// The line, from 1; `None` when nothing in the text stands for it.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: WeightsFaultKind,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeightsFaultKind {
    /// Not TOML, a key unknown or missing, or a value of the wrong kind; in the words of the reader, which are English.
    Unreadable(String),
    /// A value that does not go with the others.
    Invalid(Invalid),
}

impl WeightsFault {
    /// The fault with its line, in words.
    pub fn words(&self, locale: Locale) -> String {
        let what = match &self.what {
            WeightsFaultKind::Unreadable(message) => message.clone(),
            WeightsFaultKind::Invalid(Invalid { field, rule }) => {
                format!("{field}{}{}", locale.pick(": ", " : "), rule.words(locale))
            }
        };
        match self.line {
            Some(line) => locale.pick(
                format!("line {line}: {what}"),
                format!("ligne {line} : {what}"),
            ),
            None => what,
        }
    }
}

impl WeightsError {
    /// Everything that is wrong, with the lines of `text`, which was read.
    pub fn faults(&self, text: &str) -> Vec<WeightsFault> {
        match self {
            Self::Unreadable(error) => vec![WeightsFault {
                line: error.span().map(|span| line_at(text, span.start)),
                what: WeightsFaultKind::Unreadable(error.message().to_owned()),
            }],
            Self::Invalid(faults) => faults
                .iter()
                .map(|invalid| WeightsFault {
                    line: line_of(text, &invalid.field),
                    what: WeightsFaultKind::Invalid(invalid.clone()),
                })
                .collect(),
        }
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    1 + before.filter(|byte| *byte == b'\n').count()
}

/// The line on which the key of a path such as `hours.by_percent_left[2]` is given.
fn line_of(text: &str, field: &str) -> Option<usize> {
    let path = field.split('[').next().unwrap_or(field);
    let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
    let mut inside = "";
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.split(']').next())
        {
            inside = name.trim();
        }
        let (given, _) = line.split_once('=').unwrap_or_default();
        if inside == table && given.trim() == key {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT, Weights};
    use super::*;

    fn faults(from: &str, to: &str) -> (String, Vec<WeightsFault>) {
        assert!(DEFAULT.contains(from), "{from} is in the default policy");
        let text = DEFAULT.replacen(from, to, 1);
        let found = Weights::from_toml(&text).unwrap_err().faults(&text);
        (text, found)
    }

    fn line<'t>(text: &'t str, fault: &WeightsFault) -> &'t str {
        text.lines().nth(fault.line.unwrap() - 1).unwrap()
    }

    #[test]
    fn an_unknown_key_and_a_broken_line_are_told_with_their_lines() {
        let (text, found) = faults("neutral = 5000", "neutral = 5000\ngrace = 1");
        assert_eq!(line(&text, &found[0]), "grace = 1");
        assert!(
            found[0].words(Locale::Fr).starts_with("ligne 7 : "),
            "{found:?}"
        );
        let (text, found) = faults("meeting = 20", "meeting = = 20");
        assert_eq!(line(&text, &found[0]), "meeting = = 20");
    }

    #[test]
    fn values_out_of_range_are_told_with_their_lines_in_both_languages() {
        let text = DEFAULT.replacen("meeting = 20", "meeting = 0", 1).replacen(
            "related_share = 5000",
            "related_share = 5001",
            1,
        );
        let found = Weights::from_toml(&text).unwrap_err().faults(&text);
        let lines: Vec<_> = found.iter().map(|fault| line(&text, fault)).collect();
        assert_eq!(lines, ["meeting = 0", "related_share = 5001"]);
        let number = found[0].line.unwrap();
        assert_eq!(
            found[0].words(Locale::En),
            format!("line {number}: role_view.meeting: must be from 1 to 1000, not 0")
        );
        assert_eq!(
            found[0].words(Locale::Fr),
            format!("ligne {number} : role_view.meeting : doit être de 1 à 1000, et non 0")
        );
    }

    #[test]
    fn the_text_of_a_policy_reads_back_as_the_policy() {
        let weights = Weights::embedded().unwrap();
        let text = weights.to_toml().unwrap();
        assert_eq!(Weights::from_toml(&text).unwrap(), weights);
    }
}
