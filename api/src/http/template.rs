//! Server-rendered pages: the templates, and from one of them with its data to an answer. Templates put words around data
//! and decide nothing that a rule could depend on; undefined names are errors.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::NaiveDate;
use entity::language::Language;
use matcher::mail::{Window, dates};
use matcher::model::{LanguageCode, Locale};
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, HtmlEscape, State, UndefinedBehavior, context};
use serde::Deserialize;

use crate::outbox::mail_language;

/// Pages load their own stylesheet and send forms to themselves; nothing else.
pub(super) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

macro_rules! embed {
    ($($folder:literal: $($name:literal),+;)+) => {
        &[$($((concat!($name, ".html"), include_str!(concat!($folder, "/templates/", $name, ".html"))),)+)+]
    };
}

const SOURCES: &[(&str, &str)] = embed![
    "actions": "address", "follow_up", "layout", "message", "offer", "reset", "unsubscribe", "verify";
    "pages": "public", "error", "privacy", "matching", "organization", "project", "when_and_where", "sign_in";
];

static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.add_function("t", translate);
    templates.add_filter("day", day);
    templates.add_filter("localized", localized);
    templates.add_filter("weekly", weekly);
    templates.add_filter("language_name", language_name);
    for (name, source) in SOURCES {
        templates.add_template(name, source)?;
    }
    Ok(templates)
});

/// Fills a template in a language: `data` besides `language` and `other_language`.
pub(super) fn fill(
    template: &str,
    status: StatusCode,
    language: Language,
    data: Value,
) -> Response {
    let filled = TEMPLATES
        .as_ref()
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
        .and_then(|templates| templates.get_template(template))
        .and_then(|template| {
            template.render(context! {
                language => language.as_str(),
                other_language => other(language).as_str(),
                ..data
            })
        });
    match filled {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(template, %error, "a page could not be filled");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The other official language.
const fn other(language: Language) -> Language {
    match language {
        Language::En => Language::Fr,
        Language::Fr => Language::En,
    }
}

/// `t("English", "Français")`: the words in the page's language.
fn translate(state: &State, english: String, french: String) -> String {
    match language(state) {
        Language::En => english,
        Language::Fr => french,
    }
}

fn language(state: &State) -> Language {
    let language = state.lookup("language");
    let code = language.as_ref().and_then(Value::as_str);
    code.and_then(|code| code.parse().ok())
        .unwrap_or(Language::En)
}

/// A date such as `2027-02-01` in words.
fn day(state: &State, date: &str) -> Result<String, Error> {
    let date: NaiveDate = date
        .parse()
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "this is no date"))?;
    Ok(dates::day(date, mail_language(language(state))))
}

/// A weekly window as the API gives it.
#[derive(Deserialize)]
struct WeeklyWindow {
    weekday: String,
    start: String,
    end: String,
}

/// A weekly window in words, on the clock of `zone`.
fn weekly(state: &State, window: Value, zone: &str) -> Result<String, Error> {
    let WeeklyWindow {
        weekday,
        start,
        end,
    } = WeeklyWindow::deserialize(window)?;
    let minute = |time: &str| -> Option<u16> {
        let (hours, minutes) = time.split_once(':')?;
        Some(hours.parse::<u16>().ok()? * 60 + minutes.parse::<u16>().ok()?)
    };
    let read = || -> Option<Window> {
        Some(Window {
            weekday: weekday.parse().ok()?,
            start_minute: minute(&start)?,
            end_minute: minute(&end)?,
            zone: zone.parse().ok()?,
        })
    };
    let window = read()
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "this is no weekly window"))?;
    let reader = mail_language(language(state));
    Ok(dates::window(window, None, window.zone, reader))
}

/// The name of a language, by its code.
fn language_name(state: &State, code: &str) -> String {
    let locale = match language(state) {
        Language::En => Locale::En,
        Language::Fr => Locale::Fr,
    };
    LanguageCode::new(code).map_or_else(|_| code.to_owned(), |code| code.name(locale))
}

/// A text that exists in one language or in both, as the API gives it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LocalizedText {
    text: String,
    language: String,
    is_fallback: bool,
}

/// The text, marked with its language; where it is not the page's, it says so.
fn localized(state: &State, text: Value) -> Result<Value, Error> {
    let LocalizedText {
        text,
        language: code,
        is_fallback,
    } = LocalizedText::deserialize(text)?;
    let note = match language(state) {
        _ if !is_fallback => "",
        Language::En => " <small>(in French)</small>",
        Language::Fr => " <small>(en anglais)</small>",
    };
    let code = code.to_ascii_lowercase();
    Ok(Value::from_safe_string(format!(
        "<span lang=\"{}-CA\">{}</span>{note}",
        HtmlEscape(&code),
        HtmlEscape(&text)
    )))
}
