//! Dates and times in words, in Canadian English and French, in the reader's zone.
//!
//! English: `Tuesday, November 24, 2026, 6:30 p.m. EST`. French: `le mardi 24 novembre 2026 à 18 h 30 HNE`.

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc, Weekday,
};
use chrono_tz::{OffsetName, Tz};

use super::{
    language::Language,
    schedule::{Meeting, Window},
};

/// Month and weekday names; months and days of the week are written in lower case in French.
const MONTHS: [(&str, &str); 12] = [
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
];

/// A date with its time and zone.
pub fn moment(at: DateTime<Utc>, zone: Tz, language: Language) -> String {
    let local = at.with_timezone(&zone);
    let (date, clock) = (
        day(local.date_naive(), language),
        time(local.time(), language),
    );
    let zone = abbreviation(&local, language);
    match language {
        Language::English => format!("{date}, {clock} {zone}"),
        Language::French => format!("le {date} à {clock} {zone}"),
    }
}

/// A date with the day of the week; without an article in French, because sentences need different ones.
pub fn day(date: NaiveDate, language: Language) -> String {
    let (weekday, month) = (
        weekday(date.weekday(), language),
        month(date.month0(), language),
    );
    match (language, date.day()) {
        (Language::English, day) => format!("{weekday}, {month} {day}, {}", date.year()),
        (Language::French, 1) => format!("{weekday} 1er {month} {}", date.year()),
        (Language::French, day) => format!("{weekday} {day} {month} {}", date.year()),
    }
}

/// A meeting: its date, its times and its zone.
pub fn meeting(meeting: Meeting, zone: Tz, language: Language) -> String {
    let (start, end) = (
        meeting.starts_at.with_timezone(&zone),
        meeting.ends_at.with_timezone(&zone),
    );
    let date = day(start.date_naive(), language);
    let (from, to) = (time(start.time(), language), time(end.time(), language));
    let zone = abbreviation(&end, language);
    match language {
        Language::English => format!("{date}, {from} to {to} {zone}"),
        Language::French => format!("{date}, de {from} à {to} {zone}"),
    }
}

/// A weekly window in its own zone and, where the reader's differs on the day `on`, in the reader's as well.
pub fn window(window: Window, on: Option<NaiveDate>, reader: Tz, language: Language) -> String {
    let own = weekly(
        window.weekday,
        minute(window.start_minute),
        minute(window.end_minute),
        language,
    );
    let own = format!("{own}, {}", zone_name(window.zone, language));
    let Some((start, end)) = on.and_then(|on| occurrence(window, on)) else {
        return own;
    };
    let (here, until) = (start.with_timezone(&reader), end.with_timezone(&reader));
    if here.naive_local() == start.naive_local() {
        return own;
    }
    let yours = weekly(here.weekday(), here.time(), until.time(), language);
    match language {
        Language::English => format!("{own} ({yours} in your time zone)"),
        Language::French => format!("{own} ({yours} dans votre fuseau horaire)"),
    }
}

/// The first time the window falls on or after a day; nothing if a change of the clocks skips it.
fn occurrence(window: Window, on: NaiveDate) -> Option<(DateTime<Tz>, DateTime<Tz>)> {
    let ahead =
        (7 + window.weekday.num_days_from_monday() - on.weekday().num_days_from_monday()) % 7;
    let date = on.checked_add_days(Days::new(u64::from(ahead)))?;
    let at = |minutes: u16| {
        let midnight = NaiveDateTime::from(date);
        let local = midnight.checked_add_signed(chrono::TimeDelta::minutes(i64::from(minutes)))?;
        window.zone.from_local_datetime(&local).earliest()
    };
    Some((at(window.start_minute)?, at(window.end_minute)?))
}

fn weekly(day: Weekday, from: NaiveTime, to: NaiveTime, language: Language) -> String {
    let (day, from, to) = (
        weekday(day, language),
        time(from, language),
        time(to, language),
    );
    match language {
        Language::English => format!("{day}s, {from} to {to}"),
        Language::French => format!("le {day} de {from} à {to}"),
    }
}

/// A minute of the day as a time; 1440 is the midnight that ends it.
fn minute(minutes: u16) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minutes % 1440) * 60, 0)
        .unwrap_or_default()
}

fn time(time: NaiveTime, language: Language) -> String {
    let minute = time.minute();
    match language {
        Language::English => {
            let (is_afternoon, hour) = time.hour12();
            format!(
                "{hour}:{minute:02} {}",
                if is_afternoon { "p.m." } else { "a.m." }
            )
        }
        // The spaces do not break, so that the parts of a time stay on one line.
        Language::French if minute == 0 => format!("{}\u{a0}h", time.hour()),
        Language::French => format!("{}\u{a0}h\u{a0}{minute:02}", time.hour()),
    }
}

fn month(month0: u32, language: Language) -> &'static str {
    let names = usize::try_from(month0)
        .ok()
        .and_then(|index| MONTHS.get(index))
        .copied()
        .unwrap_or_default();
    pick(names, language)
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let names = match day {
        Weekday::Mon => ("Monday", "lundi"),
        Weekday::Tue => ("Tuesday", "mardi"),
        Weekday::Wed => ("Wednesday", "mercredi"),
        Weekday::Thu => ("Thursday", "jeudi"),
        Weekday::Fri => ("Friday", "vendredi"),
        Weekday::Sat => ("Saturday", "samedi"),
        Weekday::Sun => ("Sunday", "dimanche"),
    };
    pick(names, language)
}

/// The zone's abbreviation at this moment; zones without one in letters are said as a difference from UTC.
fn abbreviation(at: &DateTime<Tz>, language: Language) -> String {
    let name = at.offset().abbreviation().unwrap_or_default();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return format!("UTC{}", at.format("%:z"));
    }
    let french = match name {
        "NST" => "HNT",
        "NDT" => "HAT",
        "AST" => "HNA",
        "ADT" => "HAA",
        "EST" => "HNE",
        "EDT" => "HAE",
        "CST" => "HNC",
        "CDT" => "HAC",
        "MST" => "HNR",
        "MDT" => "HAR",
        "PST" => "HNP",
        "PDT" => "HAP",
        other => other,
    };
    pick((name, french), language).to_owned()
}

/// The zone by its city, as people say it: `Toronto time`, `heure de St. John's`.
fn zone_name(zone: Tz, language: Language) -> String {
    let city = zone
        .name()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace('_', " ");
    let (english, french) = match city.as_str() {
        "St Johns" => ("St. John's", "St. John's"),
        "Montreal" => ("Montréal", "Montréal"),
        other => (other, other),
    };
    match language {
        Language::English => format!("{english} time"),
        Language::French if french.starts_with(['A', 'E', 'I', 'O', 'U', 'Y', 'É']) => {
            format!("heure d'{french}")
        }
        Language::French => format!("heure de {french}"),
    }
}

fn pick<'names>((english, french): (&'names str, &'names str), language: Language) -> &'names str {
    match language {
        Language::English => english,
        Language::French => french,
    }
}
