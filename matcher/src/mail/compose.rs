//! From words to the bytes of an RFC 5322 message and its envelope.
//!
//! Byte-identical for equal input: identifier and date come from the caller, and the boundaries between parts are made
//! from the identifier. What people wrote reaches headers only encoded and on one line.

use std::{fmt, time::SystemTime};

use chrono::{DateTime, Datelike, Utc};
use lettre::message::{
    Mailbox, Message, MultiPart, SinglePart,
    header::{ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
};

use super::{
    address::{Address, Envelope},
    calendar::Calendar,
    language::{Language, single_line},
    party::{Recipient, Sender},
    render::Rendered,
};

/// What the caller decides about a message's headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// `left@right`, without the angle brackets; the same for every attempt to send this mail.
    pub message_id: String,
    /// When the mail was made; shown in UTC.
    pub date: DateTime<Utc>,
    /// Where bounces go; the sender's address if not given.
    pub return_path: Option<Address>,
}

/// A message, ready to be stored and sent. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Composed {
    /// Whom SMTP is told.
    pub envelope: Envelope,
    /// The message: ASCII, lines ending in CRLF.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Composed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composed(…)")
    }
}

/// Why a message could not be composed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// A Message-ID must be `left@right` in printable ASCII without spaces or angle brackets, at most 250 long.
    #[error("this is not a Message-ID")]
    MessageId,
    /// The date is before 1970 or after 9999.
    #[error("the date cannot be written in a header")]
    Date,
    /// The unsubscribe link must be an `https:` or `http:` address in printable ASCII; mail that may be declined
    /// needs one.
    #[error("the unsubscribe link is missing or not a web address")]
    UnsubscribeLink,
    /// The message could not be put together.
    #[error("the message could not be put together: {0}")]
    Build(String),
}

/// Composes the message.
///
/// # Errors
/// See [`ComposeError`].
pub fn compose(
    rendered: &Rendered,
    recipient: &Recipient,
    sender: &Sender,
    headers: &Headers,
) -> Result<Composed, ComposeError> {
    if !is_message_id(&headers.message_id) {
        return Err(ComposeError::MessageId);
    }
    if !(1970..=9999).contains(&headers.date.year()) {
        return Err(ComposeError::Date);
    }
    let mut builder = Message::builder()
        .from(mailbox(&sender.name, &sender.address))
        .to(mailbox(&recipient.name, &recipient.address))
        .subject(single_line(&rendered.subject))
        .date(SystemTime::from(headers.date))
        .raw_header(plain_header(
            "Message-ID",
            format!("<{}>", headers.message_id),
        ))
        .raw_header(plain_header("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(plain_header(
            "Content-Language",
            languages(&rendered.languages),
        ))
        .raw_header(plain_header("X-Mail-Kind", rendered.kind.to_string()));
    if rendered.is_optional {
        let url = recipient
            .unsubscribe_url
            .as_deref()
            .filter(|url| is_web_address(url));
        let url = url.ok_or(ComposeError::UnsubscribeLink)?;
        builder = builder
            .raw_header(plain_header("List-Unsubscribe", format!("<{url}>")))
            .raw_header(plain_header(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ));
    }
    let message = builder
        .multipart(body(rendered, &headers.message_id)?)
        .map_err(build_error)?;
    Ok(Composed {
        envelope: Envelope {
            return_path: headers
                .return_path
                .clone()
                .unwrap_or_else(|| sender.address.clone()),
            recipient: recipient.address.clone(),
        },
        bytes: message.formatted(),
    })
}

/// Text and HTML as alternatives; a calendar is both an alternative, which calendars show at once, and an attachment,
/// which everybody can open. Further ones are attachments that say what they do.
fn body(rendered: &Rendered, message_id: &str) -> Result<MultiPart, ComposeError> {
    let mut alternatives = MultiPart::alternative()
        .boundary(boundary("alternative", message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, &rendered.text))
        .singlepart(part(ContentType::TEXT_HTML, &rendered.html));
    let Some((first, further)) = rendered.calendars.split_first() else {
        return Ok(alternatives);
    };

    alternatives = alternatives.singlepart(part(calendar_type(Some(first), None)?, &first.text));
    let mut mixed = MultiPart::mixed()
        .boundary(boundary("mixed", message_id))
        .multipart(alternatives)
        .singlepart(attachment(
            calendar_type(None, Some("meetings.ics"))?,
            "meetings.ics",
            first,
        ));
    for (number, calendar) in (2..).zip(further) {
        let file = format!("meetings-{number}.ics");
        let content_type = calendar_type(Some(calendar), Some(&file))?;
        mixed = mixed.singlepart(attachment(content_type, &file, calendar));
    }
    Ok(mixed)
}

/// `calendar` where a program shall act on it; a second part with a method would make it act twice.
fn calendar_type(
    calendar: Option<&Calendar>,
    file: Option<&str>,
) -> Result<ContentType, ComposeError> {
    let mut text = "text/calendar; charset=utf-8".to_owned();
    if let Some(calendar) = calendar {
        text.push_str("; method=");
        text.push_str(calendar.method.as_str());
    }
    if let Some(file) = file {
        text.push_str("; name=");
        text.push_str(file);
    }
    ContentType::parse(&text).map_err(build_error)
}

fn attachment(content_type: ContentType, file: &str, calendar: &Calendar) -> SinglePart {
    SinglePart::builder()
        .header(content_type)
        .header(ContentDisposition::attachment(file))
        .header(ContentTransferEncoding::Base64)
        .body(calendar.text.clone())
}

/// Quoted-printable throughout, so that the message is ASCII with short lines whatever it says.
fn part(content_type: ContentType, content: &str) -> SinglePart {
    SinglePart::builder()
        .header(content_type)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(content.to_owned())
}

/// A boundary that no encoded part can contain: neither quoted-printable nor Base64 ever has `=_`.
fn boundary(level: &str, message_id: &str) -> String {
    format!("=_{level}_{:016x}", fnv1a(message_id.as_bytes()))
}

/// The 64-bit FNV-1a hash: stable over releases, which the standard library's is not.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn mailbox(name: &str, address: &Address) -> Mailbox {
    let name = single_line(name);
    Mailbox::new((!name.is_empty()).then_some(name), address.inner().clone())
}

/// A header of our own making, in ASCII and without line ends; written as it is, because folding or encoding would
/// break identifiers and links.
fn plain_header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        value.clone(),
        value,
    )
}

fn languages(languages: &[Language]) -> String {
    languages
        .iter()
        .map(|language| language.code())
        .collect::<Vec<_>>()
        .join(", ")
}

fn is_message_id(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>');
    id.len() <= 250
        && id.bytes().all(is_allowed)
        && id.split_once('@').is_some_and(|(left, right)| {
            !left.is_empty() && !right.is_empty() && !right.contains('@')
        })
}

/// At most 900 long, because a line of a message must not exceed 998 octets.
fn is_web_address(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.len() <= 900
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
}

fn build_error(error: impl std::fmt::Display) -> ComposeError {
    ComposeError::Build(error.to_string())
}
