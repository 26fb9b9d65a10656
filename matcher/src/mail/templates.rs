//! The templates, embedded in the program, and the filters they use.
//!
//! Undefined names are errors, HTML is escaped and text is not. A template only puts words around data: it makes no
//! decision that a rule could depend on.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior,
    syntax::SyntaxConfig, value::Value,
};
use serde::de::DeserializeOwned;

use super::{
    dates,
    language::{self, Language, Text},
    schedule::{Meeting, Window},
};

macro_rules! embed {
    ($($path:literal),+ $(,)?) => {
        [$(($path, include_str!(concat!("templates/", $path))),)+]
    };
}

macro_rules! embed_mails {
    ($($mail:literal),+ $(,)?) => {
        [$(
            (concat!($mail, "/en/subject.txt"), include_str!(concat!("templates/", $mail, "/en/subject.txt"))),
            (concat!($mail, "/en/body.txt"), include_str!(concat!("templates/", $mail, "/en/body.txt"))),
            (concat!($mail, "/en/body.html"), include_str!(concat!("templates/", $mail, "/en/body.html"))),
            (concat!($mail, "/fr/subject.txt"), include_str!(concat!("templates/", $mail, "/fr/subject.txt"))),
            (concat!($mail, "/fr/body.txt"), include_str!(concat!("templates/", $mail, "/fr/body.txt"))),
            (concat!($mail, "/fr/body.html"), include_str!(concat!("templates/", $mail, "/fr/body.html"))),
        )+]
    };
}

const LAYOUT: [(&str, &str); 5] = embed![
    "layout/document.html",
    "layout/en/body.html",
    "layout/en/body.txt",
    "layout/fr/body.html",
    "layout/fr/body.txt",
];

const MAILS: [(&str, &str); 29 * 6] = embed_mails![
    "verify_address",
    "already_registered",
    "reset_password",
    "password_changed",
    "email_change_requested",
    "confirm_new_email",
    "email_changed",
    "account_erased",
    "second_factor_changed",
    "inactivity_notice",
    "inactivity_last_notice",
    "suggestions_digest",
    "offer_to_volunteer",
    "offer_to_organization",
    "confirmation",
    "declined",
    "expired",
    "recalled",
    "filled_while_you_answered",
    "application_received",
    "not_selected",
    "placement_changed",
    "placement_ended",
    "volunteer_left",
    "organization_vetted",
    "organization_needs_info",
    "project_returned",
    "project_published",
    "follow_up",
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(environment);

/// Renders one template.
///
/// # Errors
/// A template that is missing or wrong, or data that it cannot show. Tests render every template.
pub(super) fn fill(name: &str, context: &Value) -> Result<String, Error> {
    match &*ENVIRONMENT {
        Ok(environment) => environment.get_template(name)?.render(context.clone()),
        Err(error) => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("the templates do not load: {error:#}"),
        )),
    }
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    environment.set_formatter(write_value);
    environment.add_filter("localized", localized);
    environment.add_filter("line", language::single_line);
    environment.add_filter("paragraphs", language::paragraphs);
    environment.add_filter("moment", moment);
    environment.add_filter("day", day);
    environment.add_filter("meeting", meeting);
    environment.add_filter("window", window);
    environment.add_filter("percent", |basis_points: u16| (basis_points + 50) / 100);
    for (name, source) in LAYOUT.into_iter().chain(MAILS) {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Escapes what HTML needs escaped in text and in quoted attributes, and leaves the slashes of addresses readable.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() || value.is_none() {
        return Err(Error::new(
            ErrorKind::UndefinedError,
            "a value to print is missing",
        ));
    }
    if *state.auto_escape() != AutoEscape::Html || value.is_safe() {
        return out.write_str(&value.to_string()).map_err(Error::from);
    }
    for character in value.to_string().chars() {
        let written = match character {
            '&' => out.write_str("&amp;"),
            '<' => out.write_str("&lt;"),
            '>' => out.write_str("&gt;"),
            '"' => out.write_str("&quot;"),
            '\'' => out.write_str("&#39;"),
            other => out.write_str(other.encode_utf8(&mut [0; 4])),
        };
        written?;
    }
    Ok(())
}

fn localized(state: &State, value: Value) -> Result<String, Error> {
    let text: Text = read(value)?;
    text.for_reader(reader_language(state)?)
        .map(|text| language::single_line(&text))
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "a text has neither language"))
}

fn moment(state: &State, value: Value) -> Result<String, Error> {
    Ok(dates::moment(
        read::<DateTime<Utc>>(value)?,
        reader_zone(state)?,
        reader_language(state)?,
    ))
}

fn day(state: &State, value: Value) -> Result<String, Error> {
    Ok(dates::day(
        read::<NaiveDate>(value)?,
        reader_language(state)?,
    ))
}

fn meeting(state: &State, value: Value) -> Result<String, Error> {
    Ok(dates::meeting(
        read::<Meeting>(value)?,
        reader_zone(state)?,
        reader_language(state)?,
    ))
}

fn window(state: &State, value: Value, on: Value) -> Result<String, Error> {
    let (window, on): (Window, Option<NaiveDate>) = (read(value)?, read(on)?);
    Ok(dates::window(
        window,
        on,
        reader_zone(state)?,
        reader_language(state)?,
    ))
}

fn reader_language(state: &State) -> Result<Language, Error> {
    read(state.lookup("language").unwrap_or_default())
}

fn reader_zone(state: &State) -> Result<Tz, Error> {
    read(state.lookup("zone").unwrap_or_default())
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    T::deserialize(value)
}
