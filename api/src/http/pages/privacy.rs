//! How personal data are treated: what for, who sees what when, how long, which rights one has and where to complain. What
//! the settings decide is read from them.

mod purpose;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use entity::language::Language;
use serde::Serialize;

use self::purpose::{PURPOSES, Words};
use super::page::Reader;
use crate::config::RetentionConfig;
use crate::domain::accounts::register::CONSENT_WORDING_VERSION;
use crate::domain::accounts::wordings;
use crate::http::router::HttpState;

#[derive(Serialize)]
struct Content {
    sender: String,
    postal_address: String,
    contact: String,
    purposes: Vec<Words>,
    consents: Vec<Consent>,
    consent_version: &'static str,
    session_days: i64,
    keep: Keep,
}

/// The words of a consent.
#[derive(Serialize)]
struct Consent {
    purpose: &'static str,
    words: &'static str,
}

/// For how long things are kept: days, and months of an account that nobody uses.
#[derive(Serialize)]
struct Keep {
    sessions: i64,
    tokens: i64,
    jobs: i64,
    mail_bodies: i64,
    inactive_months: u32,
    first_notice: i64,
    last_notice: i64,
}

impl From<RetentionConfig> for Keep {
    fn from(keep: RetentionConfig) -> Self {
        Self {
            sessions: keep.sessions.num_days(),
            tokens: keep.tokens.num_days(),
            jobs: keep.jobs.num_days(),
            mail_bodies: keep.mail_bodies.num_days(),
            inactive_months: keep.inactive_account.as_u32(),
            first_notice: keep.first_notice.num_days(),
            last_notice: keep.last_notice.num_days(),
        }
    }
}

pub(super) async fn show(State(state): State<HttpState>, parts: Parts) -> Response {
    let reader = Reader::new(&parts, super::PRIVACY.to_owned());
    let config = &state.app.config;
    let content = Content {
        sender: config.mail.from_name.clone(),
        postal_address: config.mail.postal_address.clone(),
        contact: config.privacy_contact().to_owned(),
        purposes: PURPOSES
            .iter()
            .map(|purpose| purpose.words(reader.language))
            .collect(),
        consents: wordings::current()
            .into_iter()
            .map(|wording| Consent {
                purpose: wording.purpose.as_str(),
                words: match reader.language {
                    Language::En => wording.en,
                    Language::Fr => wording.fr,
                },
            })
            .collect(),
        consent_version: CONSENT_WORDING_VERSION,
        keep: config.retention.into(),
        session_days: config.credentials.sessions.others.idle.num_days(),
    };
    reader.page("privacy.html", StatusCode::OK, content)
}
