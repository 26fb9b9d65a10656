//! Every mail with invented data, so that each can be looked at in both languages without sending anything.

mod sample;

use chrono_tz::Tz;

use super::{
    address::{Address, AddressError},
    compose::{ComposeError, Headers, compose},
    language::Language,
    message::Kind,
    party::{Recipient, Sender},
    render::{RenderError, Rendered, render},
};

pub use sample::sample;

const SITE: &str = "https://marketplace.example";

/// Why a preview could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The mail could not be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A sample address is wrong.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The message could not be put together.
    #[error(transparent)]
    Compose(#[from] ComposeError),
}

/// Renders a mail with sample data, in one language or, without one, in both.
///
/// # Errors
/// A defect of a template; tests render every preview.
pub fn preview(kind: Kind, language: Option<Language>) -> Result<Rendered, PreviewError> {
    let recipient = Recipient {
        language,
        ..sample_recipient()?
    };
    Ok(render(&sample(kind)?, &recipient, &sample_sender()?)?)
}

/// The message of [`preview`] as it would be sent: headers, an empty line, parts; ASCII, lines ending in CRLF.
///
/// # Errors
/// As [`preview`].
pub fn preview_message(rendered: &Rendered) -> Result<Vec<u8>, PreviewError> {
    let headers = Headers {
        message_id: format!("{}.sample@marketplace.example", rendered.kind),
        date: sample::now(),
        return_path: None,
    };
    let (recipient, sender) = (sample_recipient()?, sample_sender()?);
    Ok(compose(rendered, &recipient, &sender, &headers)?.bytes)
}

/// The reader of the previews: someone in Toronto of unknown language.
///
/// # Errors
/// None in practice: the sample address is constant.
pub fn sample_recipient() -> Result<Recipient, AddressError> {
    Ok(Recipient {
        name: "Amélie".to_owned(),
        address: Address::parse("amelie@example.org")?,
        language: None,
        zone: Tz::America__Toronto,
        unsubscribe_url: Some(format!("{SITE}/unsubscribe/sample")),
    })
}

/// The sender of the previews.
///
/// # Errors
/// None in practice: the sample address is constant.
pub fn sample_sender() -> Result<Sender, AddressError> {
    Ok(Sender {
        name: "Civic Tech Marketplace".to_owned(),
        address: Address::parse("hello@marketplace.example")?,
        organization: "Civic Example Society".to_owned(),
        postal_address: "100 Example Street, Toronto, Ontario  M5V 0A1, Canada".to_owned(),
        base_url: SITE.to_owned(),
    })
}
