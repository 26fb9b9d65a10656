//! Small pieces of sentences: numbers with their nouns, lists, days, durations.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use super::super::fit::{PartOfDay, part_of_day};
use crate::model::{LanguageCode, Locale, WeeklyWindow};

/// A number with its noun. In French 0 and 1 take the singular, in English only 1.
pub(super) fn count(number: u64, locale: Locale, en: (&str, &str), fr: (&str, &str)) -> String {
    let noun = match locale {
        Locale::En if number == 1 => en.0,
        Locale::En => en.1,
        Locale::Fr if number <= 1 => fr.0,
        Locale::Fr => fr.1,
    };
    format!("{number} {noun}")
}

/// Items with commas, and a conjunction before the last.
pub(super) fn list(items: &[String], locale: Locale) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{}{}{last}", first.join(", "), locale.pick(" and ", " et ")),
    }
}

/// Minutes as hours and minutes: "45 min", "2 h", "1 h 30".
pub(super) fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

/// A date in figures, the same in both languages (ISO 8601, Canada's standard CAN/CSA-Z234.4).
pub(super) fn date(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// Languages by name where it is common, else by code.
pub(super) fn languages<'a>(
    codes: impl IntoIterator<Item = &'a LanguageCode>,
    locale: Locale,
) -> String {
    let names: Vec<String> = codes
        .into_iter()
        .map(|code| match code.to_string().as_str() {
            "en" => locale.pick("English", "anglais").to_owned(),
            "fr" => locale.pick("French", "français").to_owned(),
            "iu" => "inuktitut".to_owned(),
            "cr" => locale.pick("Cree", "cri").to_owned(),
            "oj" => locale.pick("Ojibwe", "ojibwé").to_owned(),
            "es" => locale.pick("Spanish", "espagnol").to_owned(),
            "ar" => locale.pick("Arabic", "arabe").to_owned(),
            "zh" => locale.pick("Chinese", "chinois").to_owned(),
            "pa" => locale.pick("Punjabi", "pendjabi").to_owned(),
            other => other.to_owned(),
        })
        .collect();
    list(&names, locale)
}

/// "Tuesday evening", "mardi soir"; with a zone, whose clock shows it.
pub(super) fn moment(window: WeeklyWindow, zone: Option<Tz>, locale: Locale) -> String {
    let (weekday, part) = part_of_day(window);
    let (en, fr) = match weekday {
        Weekday::Mon => ("Monday", "lundi"),
        Weekday::Tue => ("Tuesday", "mardi"),
        Weekday::Wed => ("Wednesday", "mercredi"),
        Weekday::Thu => ("Thursday", "jeudi"),
        Weekday::Fri => ("Friday", "vendredi"),
        Weekday::Sat => ("Saturday", "samedi"),
        Weekday::Sun => ("Sunday", "dimanche"),
    };
    let (en_part, fr_part) = match part {
        PartOfDay::Morning => ("morning", "matin"),
        PartOfDay::Afternoon => ("afternoon", "après-midi"),
        PartOfDay::Evening => ("evening", "soir"),
        PartOfDay::Night => ("night", "nuit"),
    };
    let clock = zone.map_or(String::new(), |zone| {
        let city = city(zone);
        locale.pick(
            format!(" ({city} time)"),
            format!(" (heure locale : {city})"),
        )
    });
    locale.pick(
        format!("{en} {en_part}{clock}"),
        format!("{fr} {fr_part}{clock}"),
    )
}

/// The city that an IANA zone is named after: "St Johns" of `America/St_Johns`.
fn city(zone: Tz) -> String {
    let name = zone.name();
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}
