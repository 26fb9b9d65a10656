//! Weekly windows as people write them: a weekday and two local times, checked and turned into minutes of the day.

use entity::weekday::Weekday;

use crate::error::{Code, Violation};

/// The most windows in one list.
const MAX_WINDOWS: usize = 50;
/// Minutes of a day; as an end it means midnight.
const DAY: i16 = 1_440;

/// A window as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The day, in the zone of whose window it is.
    pub weekday: Weekday,
    /// `HH:MM`, 00:00 to 23:59.
    pub start: String,
    /// `HH:MM`, exclusive, up to 24:00.
    pub end: String,
}

/// A window as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// The day.
    pub weekday: Weekday,
    /// Minutes after midnight, 0 to 1,439.
    pub start_minute: i16,
    /// Minutes after midnight, exclusive, up to 1,440.
    pub end_minute: i16,
}

impl Window {
    /// Its length.
    pub fn minutes(self) -> i32 {
        i32::from(self.end_minute) - i32::from(self.start_minute)
    }
}

/// Reads a list of windows given at `field`.
///
/// # Errors
/// Every violation at once, at `field.N`, `field.N.start` and `field.N.end`.
pub fn parse_all(inputs: &[Input], field: &str) -> Result<Vec<Window>, Vec<Violation>> {
    let mut windows: Vec<Window> = Vec::with_capacity(inputs.len());
    let mut violations = Vec::new();
    if inputs.len() > MAX_WINDOWS {
        violations.push(Violation::new(
            Code::TooLong,
            field,
            format!("At most {MAX_WINDOWS} windows."),
            format!("Au plus {MAX_WINDOWS} plages."),
        ));
    }
    for (index, input) in inputs.iter().enumerate() {
        let path = format!("{field}.{index}");
        match parse(input, &path) {
            Ok(window) if windows.iter().any(|other| overlap(*other, window)) => {
                violations.push(Violation::new(
                    Code::Duplicate,
                    path,
                    "This window overlaps another of the same day; join the two into one.",
                    "Cette plage en chevauche une autre du même jour; réunissez les deux en une seule.",
                ));
            }
            Ok(window) => windows.push(window),
            Err(found) => violations.extend(found),
        }
    }
    if violations.is_empty() {
        windows.sort();
        Ok(windows)
    } else {
        Err(violations)
    }
}

/// A minute of the day as `HH:MM`; 1,440 is `24:00`.
pub fn format_minute(minute: i16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn parse(input: &Input, path: &str) -> Result<Window, Vec<Violation>> {
    let start = minute(&input.start).filter(|minute| *minute < DAY);
    let end = minute(&input.end);
    let (Some(start_minute), Some(end_minute)) = (start, end) else {
        let wrong = [("start", start.is_none()), ("end", end.is_none())];
        return Err(wrong
            .into_iter()
            .filter(|(_, is_wrong)| *is_wrong)
            .map(|(name, _)| bad_time(&format!("{path}.{name}")))
            .collect());
    };
    if end_minute > start_minute {
        return Ok(Window {
            weekday: input.weekday,
            start_minute,
            end_minute,
        });
    }
    let (start, end) = (format_minute(start_minute), format_minute(end_minute));
    let (en, fr) = if end_minute == start_minute {
        (
            format!("This window ends when it starts, at {end}; give it some time."),
            format!("Cette plage finit au moment où elle commence, à {end}; donnez-lui une durée."),
        )
    } else {
        (
            format!(
                "This window ends at {end}, before it starts at {start}. If it goes on past midnight, split it: {start}–24:00 on this day and 00:00–{end} on the next."
            ),
            format!(
                "Cette plage finit à {end}, avant de commencer à {start}. Si elle se poursuit après minuit, scindez-la : {start}–24:00 ce jour-là et 00:00–{end} le lendemain."
            ),
        )
    };
    Err(vec![Violation::new(
        Code::OutOfRange,
        format!("{path}.end"),
        en,
        fr,
    )])
}

fn overlap(a: Window, b: Window) -> bool {
    a.weekday == b.weekday && a.start_minute < b.end_minute && b.start_minute < a.end_minute
}

fn minute(text: &str) -> Option<i16> {
    let (hours, minutes) = text.split_once(':')?;
    let is_plain = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain(hours) || !is_plain(minutes) {
        return None;
    }
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY).then_some(minute)
}

fn bad_time(field: &str) -> Violation {
    Violation::new(
        Code::Invalid,
        field,
        "This is not a time of day; write it as 18:30, and midnight at the end of a day as 24:00.",
        "Ce n’est pas une heure du jour; écrivez-la comme 18:30, et minuit en fin de journée comme 24:00.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(start: &str, end: &str) -> Input {
        Input {
            weekday: Weekday::Tuesday,
            start: start.to_owned(),
            end: end.to_owned(),
        }
    }

    fn found(inputs: &[Input]) -> Vec<(Code, String)> {
        parse_all(inputs, "windows")
            .unwrap_err()
            .into_iter()
            .map(|violation| (violation.code, violation.field))
            .collect()
    }

    #[test]
    fn a_window_may_reach_to_midnight() {
        let windows = parse_all(
            &[input("23:59", "24:00"), input("00:00", "00:01")],
            "windows",
        );
        let windows = windows.unwrap();
        assert_eq!(windows.len(), 2);
        assert_eq!(
            windows.iter().map(|window| window.minutes()).sum::<i32>(),
            2
        );
        assert_eq!(format_minute(windows[1].end_minute), "24:00");
    }

    #[test]
    fn a_window_across_midnight_is_refused_with_the_two_to_give_instead() {
        let violations = parse_all(&[input("22:00", "01:30")], "windows").unwrap_err();
        assert_eq!(violations[0].code, Code::OutOfRange);
        assert_eq!(violations[0].field, "windows.0.end");
        assert!(
            violations[0]
                .en
                .contains("22:00–24:00 on this day and 00:00–01:30")
        );
        assert!(
            violations[0]
                .fr
                .contains("22:00–24:00 ce jour-là et 00:00–01:30")
        );
    }

    #[test]
    fn times_that_are_none_are_told_at_their_field() {
        for bad in ["24:01", "9:00", "12:60", "noon", "", "25:00", "-1:00"] {
            assert_eq!(
                found(&[input("08:00", bad)]),
                [(Code::Invalid, "windows.0.end".to_owned())],
                "{bad}"
            );
        }
        assert_eq!(
            found(&[input("24:00", "24:00")]),
            [(Code::Invalid, "windows.0.start".to_owned())]
        );
    }

    #[test]
    fn a_window_without_length_and_overlapping_windows_are_refused() {
        assert_eq!(
            found(&[input("09:00", "09:00")]),
            [(Code::OutOfRange, "windows.0.end".to_owned())]
        );
        assert_eq!(
            found(&[input("09:00", "12:00"), input("11:59", "13:00")]),
            [(Code::Duplicate, "windows.1".to_owned())]
        );
        assert!(parse_all(&[input("09:00", "12:00"), input("12:00", "13:00")], "w").is_ok());
    }
}
