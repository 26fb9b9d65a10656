//! That what people tell is of a type that does not print wherever it is carried. What columns hold is looked at in
//! `entities.rs`.

use super::production_sources;

/// What fields are called that hold what people tell.
const PERSONAL: [&str; 12] = [
    "about",
    "email",
    "email_normalized",
    "family_name",
    "given_name",
    "note",
    "raw",
    "recipient_name",
    "to_address",
    "unsubscribe_url",
    "user_agent",
    "volunteer_first_name",
];

#[test]
fn what_people_tell_has_no_bare_field_in_what_can_be_printed() {
    // Inside, what is personal is `Personal`, or in a struct without `Debug`. `api::graphql` and `api::http` take it in and
    // give it out, and `matcher` does not know the type. What coordinators note of organizations is of no person.
    let inside = production_sources().filter(|source| {
        let outside = [
            "api/src/domain/organizations",
            "api/src/graphql",
            "api/src/http",
            "entity/src/vetting_record",
        ];
        !outside.iter().any(|module| source.is_under(module))
    });
    let mut count = 0;
    for source in inside {
        count += 1;
        let bare = bare_fields(&source.text);
        assert!(bare.is_empty(), "{}: {bare:?}", source.path);
    }
    assert!(count > 0, "the rule was applied to no file");
}

#[test]
fn a_bare_field_is_found_where_it_is_printed() {
    for (text, found) in [
        (
            "#[derive(Clone, Debug)]\npub struct A {\n    pub email: Option<String>,\n}\n",
            vec!["email: Option<String>"],
        ),
        (
            "#[derive(\n    Debug,\n)]\nstruct A<'a> {\n    pub(super) note: &'a str,\n}\n",
            vec!["note: &'a str"],
        ),
        (
            "#[derive(Debug)]\nstruct A {\n    note: Option<Personal>,\n}\n",
            vec![],
        ),
        (
            "#[derive(Clone)]\nstruct A {\n    note: String,\n}\n",
            vec![],
        ),
    ] {
        assert_eq!(bare_fields(text), found, "{text}");
    }
}

/// The fields of structs with a derived `Debug` that are named like something personal and are bare texts.
fn bare_fields(text: &str) -> Vec<&str> {
    let derived = text.split("#[derive(").skip(1);
    let printed = derived.filter_map(|item| {
        let (traits, rest) = item.split_once(")]")?;
        let body = rest.split("\n}").next()?;
        traits.contains("Debug").then_some(body)
    });
    printed
        .flat_map(str::lines)
        .map(|line| line.trim().trim_end_matches(','))
        .map(|line| line.strip_prefix("pub(super) ").unwrap_or(line))
        .map(|line| line.strip_prefix("pub ").unwrap_or(line))
        .filter(|line| {
            line.split_once(": ").is_some_and(|(name, kind)| {
                PERSONAL.contains(&name) && (kind.contains("String") || kind.contains("str"))
            })
        })
        .collect()
}
