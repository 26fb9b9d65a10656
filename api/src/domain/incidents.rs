//! The register of confidentiality incidents that Quebec's Act respecting the protection of personal information in the
//! private sector (section 3.8) and PIPEDA (section 10.3) ask for. It says how many people are concerned, never who.

pub mod add;
pub mod close;
pub mod list;

use chrono::NaiveDate;

use crate::context::Context;
use crate::domain::text;
use crate::error::{Code, Violation};

/// The longest text, in characters.
const MAX_CHARACTERS: usize = 4_000;

/// What is wrong with a text of the register: besides its length, that it names somebody's mail address.
fn text_violations(words: &str, field: &str) -> Vec<Violation> {
    let mut violations: Vec<Violation> = text::required_violation(words, field, MAX_CHARACTERS)
        .into_iter()
        .collect();
    let is_address = |word: &str| {
        word.split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
    };
    if words.split_whitespace().any(is_address) {
        violations.push(Violation::new(
            Code::Invalid,
            field,
            "The register holds no personal values: leave the mail address out.",
            "Le registre ne contient aucun renseignement personnel : retirez l’adresse courriel.",
        ));
    }
    violations
}

/// What is wrong with a day that must not lie ahead.
fn day_violation(ctx: &Context, day: Option<NaiveDate>, field: &str) -> Option<Violation> {
    // Somewhere on earth it is a day later than in UTC.
    let latest = ctx.now().date_naive() + chrono::Days::new(1);
    day.filter(|day| *day > latest).map(|_| {
        Violation::new(
            Code::OutOfRange,
            field,
            "This day lies ahead.",
            "Ce jour est à venir.",
        )
    })
}

/// What is wrong with a number of people.
fn people_violation(people: Option<i32>) -> Option<Violation> {
    people.filter(|people| *people < 0).map(|_| {
        Violation::new(
            Code::OutOfRange,
            "people",
            "Must be 0 or more.",
            "Doit être 0 ou plus.",
        )
    })
}
