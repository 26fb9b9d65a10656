//! From a message and its reader to words: subject, text, HTML and, where there are meetings, calendars.
//!
//! The same input gives the same words, to the byte.

use std::fmt;

use minijinja::{
    context,
    value::{Serde, Value},
};
use serde::{Deserialize, Serialize};

use super::{
    agenda,
    calendar::{Calendar, CalendarError},
    language::{Language, french_spaces, single_line},
    message::{Kind, Message, Topic},
    party::{Recipient, Sender},
    templates,
};

/// A mail in words, before it is put into its RFC 5322 form. Its `Debug` tells which mail it is, not what it says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Which mail it is.
    pub kind: Kind,
    /// What it may be unsubscribed by.
    pub topic: Topic,
    /// The subject, one line.
    pub subject: String,
    /// The plain text; lines end in `\n`.
    pub text: String,
    /// The same as a whole HTML document.
    pub html: String,
    /// Its meetings as iCalendar objects.
    pub calendars: Vec<Calendar>,
    /// The languages it is written in, in order.
    pub languages: Vec<Language>,
    /// Whether the reader may decline such mail.
    pub is_optional: bool,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rendered({})", self.kind)
    }
}

/// Why a message could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Mail that may be declined needs its unsubscribe link.
    #[error("mail of the kind {0} needs an unsubscribe link")]
    NoUnsubscribeLink(Kind),
    /// A template failed: a defect of the template, or a text without any language.
    #[error("the template of {kind} failed")]
    Template {
        /// Which mail.
        kind: Kind,
        /// What the template engine says.
        #[source]
        source: minijinja::Error,
    },
    /// The meetings could not be written as a calendar.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// Renders a message for its reader, in the reader's language or, if that is unknown, in both.
///
/// # Errors
/// See [`RenderError`].
pub fn render(
    message: &Message,
    recipient: &Recipient,
    sender: &Sender,
) -> Result<Rendered, RenderError> {
    let (kind, is_optional) = (message.kind(), message.is_optional());
    if is_optional && recipient.unsubscribe_url.is_none() {
        return Err(RenderError::NoUnsubscribeLink(kind));
    }
    let failed = |source| RenderError::Template { kind, source };
    let languages = recipient
        .language
        .map_or_else(|| Language::ALL.to_vec(), |language| vec![language]);

    let parts: Vec<Part> = languages
        .iter()
        .map(|&language| render_part(message, recipient, sender, language))
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    let subject = join(&parts, " / ", |part| &part.subject);
    let text = join(
        &parts,
        "\n\n========================================\n\n",
        |part| &part.text,
    ) + "\n";
    let html = templates::fill(
        "layout/document.html",
        &context! {
            language => parts.first().map(|part| part.language.code()),
            subject => &subject,
            parts => parts.iter().map(|part| Value::from_safe_string(part.html.clone())).collect::<Vec<_>>(),
        },
    )
    .map_err(failed)?;

    let calendars = agenda::write(message, &languages, sender)?;
    Ok(Rendered {
        kind,
        topic: message.topic(),
        subject,
        text,
        html,
        calendars,
        languages,
        is_optional,
    })
}

/// One language's words.
struct Part {
    language: Language,
    subject: String,
    text: String,
    html: String,
}

fn render_part(
    message: &Message,
    recipient: &Recipient,
    sender: &Sender,
    language: Language,
) -> Result<Part, minijinja::Error> {
    let unsubscribe_url = if message.is_optional() {
        recipient.unsubscribe_url.as_deref()
    } else {
        None
    };
    let context = context! {
        mail => Value::from(Serde(message)),
        recipient => context! { name => single_line(&recipient.name) },
        sender => Value::from(Serde(sender)),
        language => language.code(),
        zone => recipient.zone.name(),
        unsubscribe_url,
    };
    let fill = |file: &str| {
        let filled = templates::fill(&format!("{}/{language}/{file}", message.kind()), &context)?;
        Ok::<_, minijinja::Error>(match language {
            Language::English => filled,
            Language::French => french_spaces(&filled),
        })
    };
    Ok(Part {
        language,
        subject: single_line(&fill("subject.txt")?),
        text: fill("body.txt")?.trim().to_owned(),
        html: fill("body.html")?,
    })
}

fn join(parts: &[Part], between: &str, pick: impl Fn(&Part) -> &String) -> String {
    parts
        .iter()
        .map(|part| pick(part).as_str())
        .collect::<Vec<_>>()
        .join(between)
}
