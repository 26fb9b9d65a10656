//! The suggestions as a mail to a coordinator.

use matcher::engine::IdLabels;
use matcher::mail::{
    Address, Headers, Language, Message, Recipient, RoleSummary, Sender, Suggestion,
    SuggestionsDigest, Text, Transport, compose, render,
};
use matcher::model::Locale;

use super::Names;
use super::arguments::{Lang, Suggest, now};
use super::output::Line;

/// Most suggestions in one mail; the rest are counted.
const LISTED: usize = 20;

/// Renders, composes and sends the mail.
pub(crate) fn send(
    to: &str,
    arguments: &Suggest,
    lines: &[Line],
    names: &Names,
) -> Result<(), String> {
    let is_url = to.starts_with("smtp://") || to.starts_with("smtps://") || to.starts_with("file:");
    let transport = Transport::from_url(&if is_url {
        to.to_owned()
    } else {
        format!("file:{to}")
    })
    .map_err(|error| format!("--mail: {error}"))?;
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let address = |option: &str, text: &Option<String>| {
        Address::parse(&given(text)).map_err(|error| format!("{option}: {error}"))
    };
    let recipient = Recipient {
        name: String::new(),
        address: address("--mail-to", &arguments.mail_to)?,
        language: Some(match arguments.lang {
            Lang::En => Language::English,
            Lang::Fr => Language::French,
        }),
        zone: chrono_tz::UTC,
        unsubscribe_url: arguments.unsubscribe_url.clone(),
    };
    let link = given(&arguments.unsubscribe_url);
    let sender = Sender {
        name: given(&arguments.sender),
        address: address("--mail-from", &arguments.mail_from)?,
        organization: given(&arguments.sender),
        postal_address: given(&arguments.postal_address),
        base_url: link.trim_end_matches('/').to_owned(),
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
        link,
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
        .block_on(transport.send(&composed.envelope, &composed.bytes))
        .map_err(|error| error.to_string())
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
