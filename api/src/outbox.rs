//! Mail leaves through here: rendered once, stored as a row together with its job, in the transaction of its cause.

mod basis;
pub mod dkim;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::account;
use entity::id::{AccountId, MailMessageId, PairingId};
use entity::mail_message::{self, MailState, MailTopic};
use entity::personal::Personal;
use matcher::mail::{
    Address, Headers, Language, Message, Recipient, Sender, Topic, compose, render,
};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, Set};

use crate::app::App;
use crate::credentials::link_token;
use crate::domain::privacy::sealed_address;
use crate::error::DomainError;
use crate::jobs::{self, send_mail::SendMail};

/// The purpose of the signed link that stops mail of one topic.
pub const UNSUBSCRIBE_PURPOSE: &str = "unsubscribe";

/// A mail to one account.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Whom it is for.
    pub to: &'a account::Model,
    /// What it says.
    pub message: Message,
    /// The pairing it is about: checked again when the mail is sent.
    pub pairing_id: Option<PairingId>,
    /// Not before this moment.
    pub send_at: DateTime<Utc>,
}

/// Renders and stores a mail and its job on the caller's transaction.
pub async fn queue(
    app: &App,
    transaction: &impl ConnectionTrait,
    draft: Draft<'_>,
) -> Result<(), DomainError> {
    let Draft {
        to,
        message,
        pairing_id,
        send_at,
    } = draft;
    let id = MailMessageId::new(app.new_id());
    let language = to.preferred_language.map(mail_language);
    let recipient = Recipient {
        name: to.given_name.expose().clone(),
        address: Address::parse(to.email.expose()).map_err(DomainError::internal)?,
        language,
        zone: to.zone.parse().unwrap_or(Tz::UTC),
        unsubscribe_url: message.is_optional().then(|| {
            action_url(
                app,
                "unsubscribe",
                UNSUBSCRIBE_PURPOSE,
                (to.id, message.topic()),
                far_future(app),
            )
        }),
    };
    let sender = sender(app)?;
    let rendered = render(&message, &recipient, &sender)
        .map_err(|error| DomainError::Internal(error.into()))?;
    let message_id = format!("{id}@{}", sender.address.domain());
    let headers = Headers {
        message_id: message_id.clone(),
        date: app.clock.now(),
        return_path: None,
    };
    let composed = compose(&rendered, &recipient, &sender, &headers)
        .map_err(|error| DomainError::Internal(error.into()))?;
    let raw =
        String::from_utf8(composed.bytes).map_err(|error| DomainError::Internal(error.into()))?;
    let secret = &app.config.credentials.link_secret;
    let domain = sealed_address::seal_domain(secret, recipient.address.domain())?;
    let (basis, consent_id) = basis::find(transaction, &message, to.id).await?;
    mail_message::ActiveModel {
        id: Set(id),
        kind: Set(message.kind().as_str().to_owned()),
        topic: Set(topic(message.topic())),
        account_id: Set(Some(to.id)),
        pairing_id: Set(pairing_id),
        to_address: Set(to.email.clone()),
        language: Set(to.preferred_language),
        subject: Set(Personal::new(rendered.subject)),
        raw: Set(Personal::new(raw)),
        message_id: Set(message_id),
        state: Set(MailState::Queued),
        attempts: Set(0),
        error: Set(None),
        created_at: Set(app.clock.now()),
        sent_at: Set(None),
        basis: Set(Some(basis)),
        consent_id: Set(consent_id),
        bounced_at: Set(None),
        bounce_status: Set(None),
        complained_at: Set(None),
    }
    .insert(transaction)
    .await?;
    jobs::enqueue(
        app,
        transaction,
        &SendMail {
            mail_message_id: id,
            domain: Some(domain),
            topic: Some(topic(message.topic())),
        },
        send_at,
    )
    .await
}

/// The address of a page behind a mail link: `BASE_URL/a/PAGE?token=…`.
pub fn action_url<T: serde::Serialize>(
    app: &App,
    page: &str,
    purpose: &str,
    subject: T,
    expires_at: DateTime<Utc>,
) -> String {
    let token = link_token::sign(
        &app.config.credentials.link_secret,
        purpose,
        subject,
        expires_at,
    );
    format!("{}/a/{page}?token={token}", app.config.http.base_url)
}

/// Who mails are from.
pub fn sender(app: &App) -> Result<Sender, DomainError> {
    let mail = &app.config.mail;
    Ok(Sender {
        name: mail.from_name.clone(),
        address: Address::parse(&mail.from_address).map_err(DomainError::internal)?,
        organization: mail.from_name.clone(),
        postal_address: mail.postal_address.clone(),
        base_url: app.config.http.base_url.clone(),
    })
}

/// The mail crate's name for a language.
pub const fn mail_language(language: entity::language::Language) -> Language {
    match language {
        entity::language::Language::En => Language::English,
        entity::language::Language::Fr => Language::French,
    }
}

/// The stored name of a topic.
pub const fn topic(topic: Topic) -> MailTopic {
    match topic {
        Topic::Account => MailTopic::Account,
        Topic::Offers => MailTopic::Offers,
        Topic::Digest => MailTopic::Digest,
    }
}

/// Unsubscribing must work however old the mail is.
fn far_future(app: &App) -> DateTime<Utc> {
    app.clock.now() + chrono::TimeDelta::days(3650)
}

/// The account and topic an unsubscribe link is about.
pub fn read_unsubscribe(
    app: &Arc<App>,
    token: &str,
) -> Result<(AccountId, MailTopic), link_token::LinkError> {
    let (account_id, topic): (AccountId, String) = link_token::verify(
        &app.config.credentials.link_secret,
        UNSUBSCRIBE_PURPOSE,
        token,
        app.clock.now(),
    )?;
    let topic = topic.parse().map_err(|_| link_token::LinkError::Forged)?;
    Ok((account_id, topic))
}
