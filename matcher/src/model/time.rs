//! Weekly windows in local time, time off, and IANA zones. What they mean on real dates is the engine's affair.

use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Rule;

/// Minutes in a day.
const DAY: i64 = 24 * 60;

/// A weekly stretch of local time in the zone of its owner: a weekday, the first minute of the day (0..=1439) and the
/// minute after the last (1..=1440). It never crosses midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawWindow")]
pub struct WeeklyWindow {
    weekday: Weekday,
    start_minute: u16,
    end_minute: u16,
}

impl WeeklyWindow {
    /// Checks that both minutes belong to one day and that the window ends after it starts.
    pub fn new(weekday: Weekday, start_minute: i64, end_minute: i64) -> Result<Self, Rule> {
        let minute = |given: i64, least: i64, most: i64| {
            u16::try_from(given)
                .ok()
                .filter(|_| (least..=most).contains(&given))
                .ok_or(Rule::OutOfRange { least, most, given })
        };
        let start = minute(start_minute, 0, DAY - 1)?;
        let end = minute(end_minute, 0, DAY)?;
        if end <= start {
            return Err(Rule::WindowNotForward);
        }
        Ok(Self {
            weekday,
            start_minute: start,
            end_minute: end,
        })
    }

    /// The day of the week.
    pub const fn weekday(self) -> Weekday {
        self.weekday
    }

    /// First minute of the day.
    pub const fn start_minute(self) -> u16 {
        self.start_minute
    }

    /// The minute after the last.
    pub const fn end_minute(self) -> u16 {
        self.end_minute
    }
}

#[derive(Deserialize)]
struct RawWindow {
    weekday: Weekday,
    start_minute: i64,
    end_minute: i64,
}

impl TryFrom<RawWindow> for WeeklyWindow {
    type Error = Rule;

    fn try_from(raw: RawWindow) -> Result<Self, Rule> {
        Self::new(raw.weekday, raw.start_minute, raw.end_minute)
    }
}

/// Local dates on which someone is away, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawTimeOff")]
pub struct TimeOff {
    start: NaiveDate,
    end: NaiveDate,
}

impl TimeOff {
    /// Checks that the dates are of our time and that the last is not before the first.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, Rule> {
        check_year(start)?;
        check_year(end)?;
        if end < start {
            Err(Rule::EndsBeforeStart)
        } else {
            Ok(Self { start, end })
        }
    }

    /// First date away.
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// Last date away.
    pub const fn end(self) -> NaiveDate {
        self.end
    }
}

#[derive(Deserialize)]
struct RawTimeOff {
    start: NaiveDate,
    end: NaiveDate,
}

impl TryFrom<RawTimeOff> for TimeOff {
    type Error = Rule;

    fn try_from(raw: RawTimeOff) -> Result<Self, Rule> {
        Self::new(raw.start, raw.end)
    }
}

/// Dates are of our time, 1970 to 2200, so that the arithmetic of calendars never overflows.
pub(super) fn check_year(date: NaiveDate) -> Result<(), Rule> {
    let given = date.year().into();
    if (1970..=2200).contains(&given) {
        Ok(())
    } else {
        Err(Rule::OutOfRange {
            least: 1970,
            most: 2200,
            given,
        })
    }
}

/// Reads the name of an IANA zone, as `America/St_Johns`.
pub fn parse_zone(text: &str) -> Result<Tz, Rule> {
    text.parse().map_err(|_| Rule::UnknownZone {
        given: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lies_inside_one_day_and_ends_after_it_starts() {
        assert!(WeeklyWindow::new(Weekday::Tue, 0, 1440).is_ok());
        assert!(WeeklyWindow::new(Weekday::Tue, 1439, 1440).is_ok());
        assert_eq!(
            WeeklyWindow::new(Weekday::Tue, 0, 1441),
            Err(Rule::OutOfRange {
                least: 0,
                most: 1440,
                given: 1441
            })
        );
        assert_eq!(
            WeeklyWindow::new(Weekday::Tue, 1440, 1440),
            Err(Rule::OutOfRange {
                least: 0,
                most: 1439,
                given: 1440
            })
        );
        assert_eq!(
            WeeklyWindow::new(Weekday::Tue, 600, 600),
            Err(Rule::WindowNotForward)
        );
        assert_eq!(
            WeeklyWindow::new(Weekday::Tue, 1320, 120),
            Err(Rule::WindowNotForward)
        );
    }

    #[test]
    fn time_off_may_be_one_day_and_not_end_before_it_starts() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
        assert!(TimeOff::new(day, day).is_ok());
        assert_eq!(
            TimeOff::new(day, day.pred_opt().unwrap()),
            Err(Rule::EndsBeforeStart)
        );
    }

    #[test]
    fn zones_are_iana_names() {
        assert!(parse_zone("America/St_Johns").is_ok());
        assert_eq!(
            parse_zone("Newfoundland time"),
            Err(Rule::UnknownZone {
                given: "Newfoundland time".into()
            })
        );
    }
}
