//! The suggestions as a mail to a coordinator.

use super::Names;
use super::arguments::{Mail, now};
use super::output::Line;
use crate::engine::IdLabels;
use crate::mail::{
    Headers, Message, Recipient, RoleSummary, Sender, Suggestion, SuggestionsDigest, Text,
    Transport, compose, render,
};
use crate::model::Locale;

/// Most suggestions in one mail; the rest are counted.
const LISTED: usize = 20;

/// Renders, composes and sends the mail.
pub(crate) fn send(mail: &Mail, lines: &[Line], names: &Names) -> Result<(), String> {
    let recipient = Recipient {
        name: String::new(),
        address: mail.to.clone(),
        language: Some(mail.language),
        zone: chrono_tz::UTC,
        unsubscribe_url: Some(mail.unsubscribe_url.to_string()),
    };
    let sender = Sender {
        name: mail.sender.clone(),
        address: mail.from.clone(),
        organization: mail.sender.clone(),
        postal_address: mail.postal_address.clone(),
        base_url: mail.unsubscribe_url.origin().ascii_serialization(),
    };
    let mut best: Vec<&Line> = lines.iter().collect();
    best.sort_by_key(|line| std::cmp::Reverse(line.fit.score));
    let message = Message::SuggestionsDigest(SuggestionsDigest {
        total: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        suggestions: best
            .into_iter()
            .take(LISTED)
            .map(|line| suggestion(line, names))
            .collect(),
        // The program has no pages.
        link: None,
    });
    let rendered = render(&message, &recipient, &sender).map_err(|error| error.to_string())?;
    let date = now();
    let message_id = format!(
        "{}.{}@{}",
        date.timestamp_micros(),
        std::process::id(),
        sender.address.domain()
    );
    let headers = Headers {
        message_id,
        date,
        return_path: None,
    };
    let composed =
        compose(&rendered, &recipient, &sender, &headers).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(mail.transport.send(&composed.envelope, &composed.bytes))
        .map_err(|error| error.to_string())
}

/// Where the mail is now.
pub(crate) fn sent(mail: &Mail, locale: Locale) -> String {
    if let Transport::File(folder) = &mail.transport {
        let folder = folder.folder().display();
        return locale.pick(
            format!("the mail was written into the folder {folder}"),
            format!("le courriel a été écrit dans le dossier {folder}"),
        );
    }
    let to = mail.to.as_str();
    locale.pick(
        format!("the mail to {to} was given to the relay"),
        format!("le courriel à {to} a été remis au relais"),
    )
}

fn suggestion(line: &Line, names: &Names) -> Suggestion {
    let (title, organization) = names.roles.get(&line.role).cloned().unwrap_or_default();
    let words = |locale| line.fit.summary(locale, &IdLabels);
    let same = |text: String| Text::new(Some(text.clone()), Some(text));
    Suggestion {
        role: RoleSummary {
            title: same(title.clone()),
            project: same(title),
            organization: same(organization),
        },
        volunteer_first_name: names
            .volunteers
            .get(&line.volunteer)
            .unwrap_or(&line.volunteer)
            .clone(),
        score_bp: line.fit.score.get(),
        reasons: vec![Text::new(Some(words(Locale::En)), Some(words(Locale::Fr)))],
    }
}
