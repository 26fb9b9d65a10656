//! Days from Monday to Friday, in UTC. Holidays are not known here: they differ by province.

use chrono::{DateTime, Datelike as _, NaiveTime, TimeDelta, Utc, Weekday};

/// The same time of day `days` business days later. What begins on a weekend begins as Monday does, so that nothing that began
/// later ends before it.
pub(in crate::domain) fn after(since: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let mut end = since;
    while !is_business_day(end) {
        end = midnight(end + TimeDelta::days(1));
    }
    let mut left = days;
    while left > 0 {
        end += TimeDelta::days(1);
        left -= u32::from(is_business_day(end));
    }
    end
}

/// The latest moment of which [`after`] is not later than `now`.
pub(super) fn before(now: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let mut since = now;
    // Nothing ends on a weekend: what is over on one was over when it began.
    while !is_business_day(since) {
        since = midnight(since) - TimeDelta::microseconds(1);
    }
    while after(since, days) > now {
        since -= TimeDelta::days(1);
    }
    since
}

fn midnight(at: DateTime<Utc>) -> DateTime<Utc> {
    at.date_naive().and_time(NaiveTime::MIN).and_utc()
}

fn is_business_day(at: DateTime<Utc>) -> bool {
    !matches!(at.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_do_not_count() {
        // 2026-11-20 is a Friday.
        for (since, days, end) in [
            ("2026-11-18T15:00:00Z", 2, "2026-11-20T15:00:00Z"),
            ("2026-11-19T15:00:00Z", 2, "2026-11-23T15:00:00Z"),
            ("2026-11-20T15:00:00Z", 1, "2026-11-23T15:00:00Z"),
            ("2026-11-21T15:00:00Z", 2, "2026-11-25T00:00:00Z"),
            ("2026-11-22T15:00:00Z", 2, "2026-11-25T00:00:00Z"),
            ("2026-11-20T15:00:00Z", 5, "2026-11-27T15:00:00Z"),
        ] {
            assert_eq!(after(at(since), days), at(end), "{since} and {days}");
        }
    }

    #[test]
    fn whatever_began_later_than_the_latest_overdue_is_not_overdue() {
        for hour in 0..24 * 14 {
            let now = at("2026-11-16T00:30:00Z") + TimeDelta::hours(hour);
            for days in 1..=6 {
                let since = before(now, days);
                assert!(after(since, days) <= now, "{now} {days}");
                let later = since + TimeDelta::microseconds(1);
                assert!(after(later, days) > now, "{now} {days}");
            }
        }
    }
}
