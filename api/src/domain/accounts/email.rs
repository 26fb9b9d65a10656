//! Mail addresses: what is accepted, and when two are the same.

use entity::account;
use entity::personal::Personal;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::text;
use crate::error::{Code, DomainError, Violation};

/// The form by which addresses are compared: trimmed, NFKC, lower case.
pub fn normalize(email: &Personal) -> Personal {
    let composed: String = email.expose().trim().nfkc().collect();
    Personal::new(composed.to_lowercase())
}

/// Checks that mail can be sent to `email`.
pub fn violation(email: &Personal, field: &str) -> Option<Violation> {
    matcher::mail::Address::parse(email.expose().trim()).err().map(|error| match error {
        matcher::mail::AddressError::NotAscii => Violation::new(
            Code::Invalid,
            field,
            "Mail addresses with letters outside ASCII are not supported; use another address.",
            "Les adresses courriel comportant des lettres hors ASCII ne sont pas prises en charge; utilisez une autre adresse.",
        ),
        matcher::mail::AddressError::Invalid => Violation::new(
            Code::Invalid,
            field,
            "This is not a mail address; it looks like name@example.org.",
            "Ce n’est pas une adresse courriel; elle ressemble à nom@exemple.org.",
        ),
    })
}

/// The account with this address, if any.
pub async fn find_account(
    connection: &impl ConnectionTrait,
    email: &Personal,
) -> Result<Option<account::Model>, DomainError> {
    if text::has_control(email.expose()) {
        return Ok(None);
    }
    Ok(account::Entity::find()
        .filter(account::COLUMN.email_normalized.eq(normalize(email)))
        .one(connection)
        .await?)
}
