//! From a template and its data to an answer, and the pages that say why there is none.

use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use entity::language::Language;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::credentials::link_token::LinkError;
use crate::error::{DomainError, Violation};
use crate::http::{request_context, template};

/// What an address of a page carries.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Address {
    /// The signed or stored token.
    #[serde(default)]
    pub(super) token: String,
    /// The language asked for by the switch.
    pub(super) lang: Option<String>,
}

impl Address {
    /// The language of the page: the switch's, else the reader's own, else the browser's, else English.
    pub(super) fn language(&self, own: Option<Language>, parts: &Parts) -> Language {
        self.lang
            .as_deref()
            .and_then(|code| code.parse().ok())
            .or(own)
            .or_else(|| request_context::accepted_language(&parts.headers))
            .unwrap_or(Language::En)
    }
}

/// A page to be filled.
pub(super) struct Page<'a> {
    /// The template.
    pub(super) template: &'static str,
    /// In which language.
    pub(super) language: Language,
    /// The path, for the form and the language switch.
    pub(super) path: &'static str,
    /// The token, carried on by the form and the language switch.
    pub(super) token: &'a str,
    /// Broken rules to tell above the content.
    pub(super) violations: &'a [Violation],
}

impl Page<'_> {
    /// Fills the template with `data`; 422 where rules were broken, else 200.
    pub(super) fn render(self, data: impl Serialize) -> Response {
        self.render_refusing(StatusCode::UNPROCESSABLE_ENTITY, data)
    }

    /// The same with another status for broken rules.
    pub(super) fn render_refusing(self, refused: StatusCode, data: impl Serialize) -> Response {
        let status = if self.violations.is_empty() {
            StatusCode::OK
        } else {
            refused
        };
        self.render_as(status, data)
    }

    fn render_as(self, status: StatusCode, data: impl Serialize) -> Response {
        let problems: Vec<String> = self
            .violations
            .iter()
            .map(|violation| violation.message(self.language).to_owned())
            .collect();
        let data = context! {
            path => self.path,
            token => self.token,
            problems,
            page => Value::from(Serde(data)),
        };
        template::fill(self.template, status, self.language, data)
    }
}

/// Why there is nothing to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The link is not ours, or damaged.
    Forged,
    /// The link was ours, and is no longer good.
    Gone,
    /// What was sent is no form of ours.
    Unreadable,
    /// What was sent is longer than any form here.
    TooLong,
    /// The reader may not do this.
    Forbidden,
    /// Too many tries; the seconds until the next is welcome.
    TooMany(u64),
    /// Too many people at once; the seconds after which to come back.
    Busy(u64),
    /// Our fault.
    Failed,
}

impl From<LinkError> for Refusal {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Forged => Self::Forged,
            LinkError::Expired => Self::Gone,
        }
    }
}

impl Refusal {
    /// For errors that are not broken rules. Internal causes are logged here.
    pub(super) fn of(error: &DomainError) -> Self {
        match error {
            DomainError::NotFound | DomainError::Rules(_) => Self::Gone,
            // No link carries a staff role, so none is ever asked for a second factor.
            DomainError::Forbidden
            | DomainError::Unauthenticated
            | DomainError::SecondFactorRequired { .. } => Self::Forbidden,
            DomainError::RateLimited {
                retry_after_seconds,
            } => Self::TooMany(*retry_after_seconds),
            DomainError::Busy {
                retry_after_seconds,
            } => Self::Busy(*retry_after_seconds),
            DomainError::Retry(_) | DomainError::Unavailable(_) | DomainError::Internal(_) => {
                tracing::error!(error = error.with_causes(), "a page could not be served");
                Self::Failed
            }
        }
    }

    /// The page that says so.
    pub(super) fn page(self, language: Language) -> Response {
        let (status, en, fr) = match self {
            Self::Forged => (
                StatusCode::BAD_REQUEST,
                (
                    "This link does not work",
                    "It was not made by this marketplace, or part of it is missing. Open the link in the mail again, or copy all of it.",
                ),
                (
                    "Ce lien ne fonctionne pas",
                    "Il n’a pas été créé par cette plateforme, ou il en manque une partie. Ouvrez de nouveau le lien du courriel, ou copiez-le en entier.",
                ),
            ),
            Self::Gone => (
                StatusCode::GONE,
                (
                    "This link is no longer good",
                    "It has expired, was used already, or a newer mail has taken its place. Look for the latest mail, or log in.",
                ),
                (
                    "Ce lien n’est plus valide",
                    "Il est expiré, a déjà servi, ou un courriel plus récent l’a remplacé. Cherchez le dernier courriel, ou ouvrez une session.",
                ),
            ),
            Self::Unreadable => (
                StatusCode::UNPROCESSABLE_ENTITY,
                (
                    "This answer could not be read",
                    "Nothing was changed. Go back, choose again, and send the form.",
                ),
                (
                    "Cette réponse n’a pas pu être lue",
                    "Rien n’a été modifié. Revenez en arrière, choisissez de nouveau et envoyez le formulaire.",
                ),
            ),
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                (
                    "This answer is too long",
                    "Nothing was changed. Go back, where your text still is, and send a note of at most 2,000 characters.",
                ),
                (
                    "Cette réponse est trop longue",
                    "Rien n’a été modifié. Revenez en arrière, où votre texte se trouve encore, et envoyez une note d’au plus 2 000 caractères.",
                ),
            ),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                (
                    "This is not for you to do",
                    "Someone else answers for this now.",
                ),
                (
                    "Cette action ne vous revient pas",
                    "Une autre personne en répond maintenant.",
                ),
            ),
            Self::TooMany(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                ("Too many tries", "Wait a little, then try again."),
                ("Trop de tentatives", "Attendez un peu, puis réessayez."),
            ),
            Self::Busy(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                (
                    "Too many people at once",
                    "Nothing was changed. Try again in a few seconds.",
                ),
                (
                    "Trop de personnes en même temps",
                    "Rien n’a été modifié. Réessayez dans quelques secondes.",
                ),
            ),
            Self::Failed => (
                StatusCode::SERVICE_UNAVAILABLE,
                (
                    "Something went wrong on our side",
                    "Nothing was changed. Try again in a few minutes.",
                ),
                (
                    "Une erreur s’est produite de notre côté",
                    "Rien n’a été modifié. Réessayez dans quelques minutes.",
                ),
            ),
        };
        let (heading, text) = match language {
            Language::En => en,
            Language::Fr => fr,
        };
        let mut response = message(status, language, heading, text);
        if let Self::TooMany(seconds) | Self::Busy(seconds) = self {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A page with a heading and a sentence or two.
pub(super) fn message(
    status: StatusCode,
    language: Language,
    heading: &str,
    text: &str,
) -> Response {
    Page {
        template: "message.html",
        language,
        path: "",
        token: "",
        violations: &[],
    }
    .render_as(status, context! { heading, text })
}
