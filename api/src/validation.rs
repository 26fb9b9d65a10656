//! Turns what the `validator` derive finds in an input into violations with the API's field names and words in both languages.

use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::error::{Code, Violation};

/// Every violation of an input's derived rules, to which a use case adds its own.
pub fn violations(input: &impl Validate) -> Vec<Violation> {
    let mut found = Vec::new();
    if let Err(errors) = input.validate() {
        collect(&errors, "", &mut found);
    }
    found.sort_by(|a, b| a.field.cmp(&b.field));
    found
}

/// How many of a list's first items are wanted: `first`, when it is from 1 to `most`.
///
/// # Errors
/// The violation at `first`.
pub fn length(first: i32, most: i32) -> Result<usize, Violation> {
    usize::try_from(first)
        .ok()
        .filter(|_| (1..=most).contains(&first))
        .ok_or_else(|| {
            Violation::new(
                Code::OutOfRange,
                "first",
                format!("Must be from 1 to {most}."),
                format!("Doit être de 1 à {most}."),
            )
        })
}

fn collect(errors: &ValidationErrors, prefix: &str, found: &mut Vec<Violation>) {
    for (field, kind) in errors.errors() {
        let path = join(prefix, &camel_case(field));
        match kind {
            ValidationErrorsKind::Field(errors) => {
                found.extend(errors.iter().map(|error| violation(error, &path)));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &path, found),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{path}.{index}"), found);
                }
            }
        }
    }
}

fn violation(error: &ValidationError, path: &str) -> Violation {
    let number = |name: &'static str| {
        error
            .params
            .get(name)
            .map(ToString::to_string)
            .map(|text| text.trim_end_matches(".0").to_owned())
    };
    match error.code.as_ref() {
        "length" => length_violation(
            path,
            number("min"),
            number("max"),
            number("value").as_deref(),
        ),
        "range" => {
            let (min, max) = (
                number("min").unwrap_or_default(),
                number("max").unwrap_or_default(),
            );
            Violation::new(
                Code::OutOfRange,
                path,
                format!("Must be from {min} to {max}."),
                format!("Doit être de {min} à {max}."),
            )
        }
        "email" => Violation::new(
            Code::Invalid,
            path,
            "This is not a mail address; it looks like name@example.org.",
            "Ce n’est pas une adresse courriel; elle ressemble à nom@exemple.org.",
        ),
        "url" => Violation::new(
            Code::Invalid,
            path,
            "This is not a web address; it begins with https:// or http://.",
            "Ce n’est pas une adresse Web; elle commence par https:// ou http://.",
        ),
        _ => Violation::new(
            Code::Invalid,
            path,
            "This value is not valid.",
            "Cette valeur n’est pas valide.",
        ),
    }
}

fn length_violation(
    path: &str,
    min: Option<String>,
    max: Option<String>,
    value: Option<&str>,
) -> Violation {
    // The length rule serves texts (`value` is a JSON string) and lists (`value` is a JSON array).
    let is_list = value.is_some_and(|value| value.starts_with('['));
    let is_empty = value.is_some_and(|value| value == "\"\"" || value == "[]");
    let (en, fr) = if is_list {
        ("items", "éléments")
    } else {
        ("characters", "caractères")
    };
    let length = value.map_or(0, |value| {
        serde_json::from_str::<serde_json::Value>(value).map_or(0, |json| match json {
            serde_json::Value::String(text) => text.chars().count(),
            serde_json::Value::Array(items) => items.len(),
            _ => 0,
        })
    });
    let is_over = max
        .as_deref()
        .and_then(|max| max.parse::<usize>().ok())
        .is_some_and(|max| length > max);
    match (min, max) {
        (Some(_), _) if is_empty => Violation::new(
            Code::Required,
            path,
            "This is needed.",
            "Ce champ est requis.",
        ),
        (_, Some(max)) if is_over => Violation::new(
            Code::TooLong,
            path,
            format!("At most {max} {en}; there are {length}."),
            format!("Au plus {max} {fr}; il y en a {length}."),
        ),
        (min, _) => {
            let min = min.unwrap_or_default();
            Violation::new(
                Code::TooShort,
                path,
                format!("At least {min} {en}."),
                format!("Au moins {min} {fr}."),
            )
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}.{name}")
    }
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut characters = part.chars();
        text.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(characters.as_str());
    }
    text
}
