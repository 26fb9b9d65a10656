//! What is wrong with the text of a policy, and on which line: for those who wrote the text.

use super::super::{Invalid, Locale};
use super::{WeightsError, shape};

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
    /// A line that is not TOML, or gives a key again.
    NotToml,
    /// A key, or a table, that no policy has.
    UnknownKey {
        /// Path of the key, as `gates.minimum`.
        key: String,
        /// The key that may have been meant.
        near: Option<String>,
    },
    /// A key that every policy has, or a table in brackets.
    MissingKey {
        /// Path of the key, or the table in brackets.
        key: String,
    },
    /// A value of the wrong kind, out of its range, or out of order.
    Invalid(Invalid),
}

impl WeightsFaultKind {
    /// The path of what is wrong, where the text has it.
    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Self::NotToml | Self::MissingKey { .. } => None,
            Self::UnknownKey { key, .. } => Some(key),
            Self::Invalid(invalid) => Some(&invalid.field),
        }
    }

    fn words(&self, locale: Locale) -> String {
        match self {
            Self::NotToml => locale
                .pick(
                    "not a line of TOML, such as neutral = 5000 or [gates], each given once",
                    "pas une ligne de TOML, comme neutral = 5000 ou [gates], donnée une seule fois",
                )
                .to_owned(),
            Self::UnknownKey { key, near } => {
                let unknown = locale.pick(
                    format!("unknown field `{key}`"),
                    format!("champ inconnu « {key} »"),
                );
                let meant = near.as_ref().map(|near| {
                    locale.pick(
                        format!(": did you mean {near}?"),
                        format!(" : vouliez-vous dire {near}?"),
                    )
                });
                unknown + &meant.unwrap_or_default()
            }
            Self::MissingKey { key } => {
                locale.pick(format!("{key} is missing"), format!("il manque {key}"))
            }
            Self::Invalid(Invalid { field, rule }) => {
                format!("{field}{}{}", locale.pick(": ", " : "), rule.words(locale))
            }
        }
    }
}

impl WeightsFault {
    /// The fault with its line, in words.
    pub fn words(&self, locale: Locale) -> String {
        let what = self.what.words(locale);
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
            Self::Unreadable(error) => {
                let faults = shape::faults(text);
                if faults.is_empty() {
                    // The text is another one than that which was refused.
                    return vec![WeightsFault {
                        line: error.span().map(|span| line_at(text, span.start)),
                        what: WeightsFaultKind::NotToml,
                    }];
                }
                faults
            }
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

pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    1 + before.filter(|byte| *byte == b'\n').count()
}

/// The line on which the key of a path such as `hours.by_percent_left[2]`, or the table of that name, is given.
pub(super) fn line_of(text: &str, field: &str) -> Option<usize> {
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
            if inside == path {
                return Some(number);
            }
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
    fn every_fault_of_a_text_that_cannot_be_read_is_told_in_both_languages() {
        let changes = [
            ("neutral = 5000", "neutral = \"half\""),
            ("minimum_score = 2000", "minimum_scores = 2000"),
            ("meeting = 20", "meeting = -5"),
            ("related_share = 5000", "related_share = 5001"),
            ("[[100, 7000], [125, 8500], [150, 10000]]", "[100, 7000]"),
            ("unknown_level = 3", "unknown_level = 6"),
            ("[wish]\nby_count = [5000, 8500, 10000]\n", ""),
        ];
        let mut text = DEFAULT.replace("# By skills asked that the volunteer wishes to learn: 0, 1, 2, ...; the last holds for more.\n", "");
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        let found = Weights::from_toml(&text).unwrap_err().faults(&text);
        let said = |locale| -> Vec<String> {
            let what = found.iter().map(|fault| fault.what.words(locale));
            what.collect()
        };
        assert_eq!(
            said(Locale::En),
            [
                "neutral: expected a whole number, not \"half\"",
                "unknown field `gates.minimum_scores`: did you mean minimum_score?",
                "role_view.meeting: must be from 1 to 1000, not -5",
                "skill.unknown_level: must be from 1 to 5, not 6",
                "skill.related_share: must be from 0 to 5000, not 5001",
                "hours.by_percent_left: expected a list such as [[100, 7000], [125, 8500], [150, 10000]], not \"[100, 7000]\"",
                "gates.minimum_score is missing",
                "[wish] is missing",
            ]
        );
        assert_eq!(
            said(Locale::Fr)[..3],
            [
                "neutral : attendu : un nombre entier, et non « half »",
                "champ inconnu « gates.minimum_scores » : vouliez-vous dire minimum_score?",
                "role_view.meeting : doit être de 1 à 1000, et non -5",
            ]
        );
        assert_eq!(line(&text, &found[1]), "minimum_scores = 2000");
    }

    #[test]
    fn every_broken_line_is_told_in_both_languages() {
        let text = DEFAULT
            .replacen("meeting = 20", "meeting = = 20", 1)
            .replacen("weeks = 8", "weeks 8", 1);
        let found = Weights::from_toml(&text).unwrap_err().faults(&text);
        let lines: Vec<_> = found.iter().map(|fault| line(&text, fault)).collect();
        assert_eq!(lines, ["meeting = = 20", "weeks 8"]);
        assert!(
            found[0].words(Locale::En).contains(": not a line of TOML"),
            "{found:?}"
        );
        assert!(
            found[0]
                .words(Locale::Fr)
                .contains(" : pas une ligne de TOML"),
            "{found:?}"
        );
    }

    #[test]
    fn a_table_out_of_order_says_which_order_is_asked() {
        let (text, found) = faults("[10000, 7000,", "[7000, 10000,");
        assert_eq!(
            line(&text, &found[0]),
            "level_credit = [7000, 10000, 4500, 2500, 1000]"
        );
        assert!(
            found[0].words(Locale::En).ends_with(
                "skill.level_credit: expected numbers that never rise from the first to the last, not \"7000, 10000, 4500, 2500, 1000\""
            ),
            "{found:?}"
        );
        let (_, found) = faults("[25, 9000]", "[80, 9000]");
        assert!(
            found[0].words(Locale::Fr).ends_with(
                "attendu : des paliers dont les pourcentages, les premiers nombres, montent, et non « 0, 80, 50, 75, 100 »"
            ),
            "{found:?}"
        );
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
