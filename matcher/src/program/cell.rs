//! The cells of one record and the notations in them. Every error is kept with its place; reading goes on.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;

use chrono::{NaiveDate, Weekday};

use super::fault::Fault;
use super::record::Record;
use crate::model::{Expected, Invalid, LanguageCode, Point, Rule, Set, TimeOff, WeeklyWindow};

/// What stands in a cell.
pub(crate) enum Value {
    /// A text; a list in it has semicolons.
    Text(String),
    /// A list.
    List(Vec<String>),
}

impl Value {
    /// Numbers and truth values become their text; `null` and an empty text are nothing, as a blank cell is.
    pub(crate) fn from_json(value: &serde_json::Value) -> Result<Option<Self>, Rule> {
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => Ok(text.trim().to_owned()),
            serde_json::Value::Number(number) => Ok(number.to_string()),
            serde_json::Value::Bool(true) => Ok("yes".to_owned()),
            serde_json::Value::Bool(false) => Ok("no".to_owned()),
            other => Err(unreadable(
                Expected::new(
                    "a text, a number, or a list of texts",
                    "un texte, un nombre ou une liste de textes",
                ),
                &other.to_string(),
            )),
        };
        match value {
            serde_json::Value::Null => Ok(None),
            serde_json::Value::Array(items) => items
                .iter()
                .map(text)
                .collect::<Result<_, _>>()
                .map(Self::List)
                .map(Some),
            other => {
                let text = text(other)?;
                Ok(Some(text).filter(|text| !text.is_empty()).map(Self::Text))
            }
        }
    }

    pub(crate) fn given(&self) -> Given<'_> {
        match self {
            Self::Text(text) => Given::Text(text),
            Self::List(items) => Given::List(items),
        }
    }
}

/// The same where it stands.
#[derive(Clone, Copy)]
pub(crate) enum Given<'r> {
    /// A text; a list in it has semicolons.
    Text(&'r str),
    /// A list.
    List(&'r [String]),
}

impl<'r> Given<'r> {
    fn items(self) -> Vec<&'r str> {
        match self {
            Self::Text(text) if text.eq_ignore_ascii_case("none") => Vec::new(),
            Self::Text(text) => text
                .split(';')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .collect(),
            Self::List(items) => items.iter().map(String::as_str).collect(),
        }
    }
}

pub(crate) fn unreadable(expected: Expected, given: &str) -> Rule {
    Rule::Unreadable {
        expected,
        given: given.to_owned(),
    }
}

/// The cells of a record, and the errors found in them.
pub(crate) struct Cells<'r> {
    path: &'r Path,
    record: &'r Record,
    faults: Vec<Fault>,
}

impl<'r> Cells<'r> {
    pub(crate) const fn new(path: &'r Path, record: &'r Record) -> Self {
        Self {
            path,
            record,
            faults: Vec::new(),
        }
    }

    pub(crate) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// Notes a broken rule at a field; where the record has no such field, at its beginning.
    pub(crate) fn refuse(&mut self, field: &str, rule: Rule) {
        let name = field.split(['[', '.']).next().unwrap_or(field);
        let column = self.record.columns.get(name).copied().unwrap_or(1);
        self.faults.push(Fault::at_field(
            self.path,
            self.record.line,
            column,
            field,
            rule,
        ));
    }

    /// Notes broken rules of the whole record.
    pub(crate) fn refuse_all(&mut self, invalid: Vec<Invalid>) {
        for invalid in invalid {
            self.refuse(&invalid.field, invalid.rule);
        }
    }

    /// Whether every cell read so far was right.
    pub(crate) fn are_valid(&self) -> bool {
        self.faults.is_empty()
    }

    /// The text of a field, if it has one.
    pub(crate) fn text(&mut self, field: &str) -> Option<&'r str> {
        match self.record.find(field)? {
            Given::Text(text) => Some(text),
            Given::List(items) => {
                let expected = Expected::new("one text", "un seul texte");
                self.refuse(field, unreadable(expected, &items.join(";")));
                None
            }
        }
    }

    /// A field that is needed.
    pub(crate) fn need<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&str) -> Result<T, Rule>,
    ) -> Option<T> {
        if !self.has(field) {
            self.refuse(field, Rule::Empty);
        }
        self.parse(field, read)
    }

    fn has(&self, field: &str) -> bool {
        self.record.find(field).is_some()
    }

    /// A field that may be missing.
    pub(crate) fn parse<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&str) -> Result<T, Rule>,
    ) -> Option<T> {
        let text = self.text(field)?;
        read(text).map_err(|rule| self.refuse(field, rule)).ok()
    }

    /// A list; `None` when nothing is known.
    pub(crate) fn list<T>(
        &mut self,
        field: &str,
        read: impl Fn(&str) -> Result<T, Rule>,
    ) -> Option<Vec<T>> {
        let items = self.record.find(field)?.items();
        let mut values = Vec::with_capacity(items.len());
        for (position, item) in items.into_iter().enumerate() {
            match read(item) {
                Ok(value) => values.push(value),
                Err(rule) => self.refuse(&format!("{field}[{position}]"), rule),
            }
        }
        Some(values)
    }

    /// A list in which nothing comes twice.
    pub(crate) fn set<T: Ord + Display>(
        &mut self,
        field: &str,
        read: impl Fn(&str) -> Result<T, Rule>,
    ) -> Option<Set<T>> {
        let mut set = BTreeSet::new();
        for value in self.list(field, read)? {
            if let Some(value) = set.replace(value) {
                self.refuse(
                    field,
                    Rule::Duplicate {
                        value: value.to_string(),
                    },
                );
            }
        }
        Some(set.into())
    }

    /// Latitude and longitude: both or neither. Each is checked beside 0, so that the error is at the one that is wrong.
    pub(crate) fn point(&mut self) -> Option<Point> {
        let latitude = self.parse("latitude", |text| {
            let north = degrees(text)?;
            Point::new(north, 0.0).map(|_| north)
        });
        let longitude = self.parse("longitude", |text| {
            let east = degrees(text)?;
            Point::new(0.0, east).map(|_| east)
        });
        for (given, other) in [("latitude", "longitude"), ("longitude", "latitude")] {
            if self.has(given) && !self.has(other) {
                self.refuse(other, Rule::Empty);
            }
        }
        Point::new(latitude?, longitude?)
            .map_err(|rule| self.refuse("latitude", rule))
            .ok()
    }
}

fn degrees(text: &str) -> Result<f64, Rule> {
    text.parse().map_err(|_| {
        let expected = Expected::new("degrees, as 45.4215", "des degrés, comme 45.4215");
        unreadable(expected, text)
    })
}

/// A whole number.
pub(crate) fn number(text: &str) -> Result<i64, Rule> {
    text.parse().map_err(|_| {
        let expected = Expected::new("a whole number", "un nombre entier");
        unreadable(expected, text)
    })
}

/// A whole number of a smaller type, within a range.
pub(crate) fn small<T: TryFrom<i64>>(
    range: RangeInclusive<i64>,
) -> impl Fn(&str) -> Result<T, Rule> {
    move |text| {
        let given = number(text)?;
        let checked = Some(given)
            .filter(|given| range.contains(given))
            .and_then(|given| T::try_from(given).ok());
        checked.ok_or(Rule::OutOfRange {
            least: *range.start(),
            most: *range.end(),
            given,
        })
    }
}

pub(crate) fn yes_or_no(text: &str) -> Result<bool, Rule> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "oui" | "true" => Ok(true),
        "no" | "non" | "false" => Ok(false),
        _ => Err(unreadable(Expected::new("yes or no", "oui ou non"), text)),
    }
}

pub(crate) fn date(text: &str) -> Result<NaiveDate, Rule> {
    NaiveDate::from_str(text).map_err(|_| {
        let expected = Expected::new("a date, as 2026-12-20", "une date, comme 2026-12-20");
        unreadable(expected, text)
    })
}

pub(crate) fn language(text: &str) -> Result<LanguageCode, Rule> {
    LanguageCode::new(text)
}

/// `2026-12-20/2027-01-05`, or one date.
pub(crate) fn time_off(text: &str) -> Result<TimeOff, Rule> {
    let (start, end) = text.split_once('/').unwrap_or((text, text));
    TimeOff::new(date(start.trim())?, date(end.trim())?)
}

/// `tue 18:00-21:00`; the day in English or French.
pub(crate) fn window(text: &str) -> Result<WeeklyWindow, Rule> {
    let expected = || {
        let expected = Expected::new(
            "a window, as tue 18:00-21:00",
            "une plage, comme mar 18:00-21:00",
        );
        unreadable(expected, text)
    };
    let (day, times) = text.split_once(char::is_whitespace).ok_or_else(expected)?;
    let (start, end) = times.split_once('-').ok_or_else(expected)?;
    let minute = |time: &str| {
        let (hour, minute) = time.trim().split_once(':')?;
        let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
        ((0..=24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
    };
    let day = weekday(day).ok_or_else(expected)?;
    WeeklyWindow::new(
        day,
        minute(start).ok_or_else(expected)?,
        minute(end).ok_or_else(expected)?,
    )
}

fn weekday(text: &str) -> Option<Weekday> {
    let french = [
        ("lun", Weekday::Mon),
        ("mar", Weekday::Tue),
        ("mer", Weekday::Wed),
        ("jeu", Weekday::Thu),
        ("ven", Weekday::Fri),
        ("sam", Weekday::Sat),
        ("dim", Weekday::Sun),
    ];
    let lower = text.to_lowercase();
    let short = lower.trim_end_matches("di").trim_end_matches('.');
    french
        .into_iter()
        .find(|(name, _)| *name == short || lower == full_french(name))
        .map(|(_, day)| day)
        .or_else(|| lower.parse().ok())
}

fn full_french(short: &str) -> String {
    match short {
        "mer" => "mercredi".to_owned(),
        "ven" => "vendredi".to_owned(),
        "sam" => "samedi".to_owned(),
        "dim" => "dimanche".to_owned(),
        other => format!("{other}di"),
    }
}
