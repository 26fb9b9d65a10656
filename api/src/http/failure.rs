//! What a request comes to that did not get as far as the schema, or that no schema answers: a status and one error, written
//! as GraphQL writes errors.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use entity::language::Language;
use serde_json::{Map, json};

use super::graphql_over_http::MediaType;
use super::request_context::Refusal;
use crate::context::Context;
use crate::error::DomainError;
use crate::graphql::error::code_and_message;

/// A request that did not get as far as the schema.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    request_id: Option<String>,
    header: Option<Box<(header::HeaderName, HeaderValue)>>,
}

impl Failure {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            request_id: None,
            header: None,
        }
    }

    /// Tells it by another code.
    pub(super) fn with_code(mut self, code: String) -> Self {
        self.code = code.into();
        self
    }

    /// Whether nobody is logged in, or not any more.
    pub(super) fn is_unauthenticated(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// Tells which request it was, as errors of the schema do.
    pub(super) fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    pub(super) fn with_header(mut self, name: header::HeaderName, value: &'static str) -> Self {
        self.header = Some(Box::new((name, HeaderValue::from_static(value))));
        self
    }

    /// What a refused request is to the caller; causes of ours are logged.
    pub(super) fn of_refusal(refusal: &Refusal, language: Language) -> Self {
        let forbidden =
            |code, en, fr| Self::new(StatusCode::FORBIDDEN, code, pick(language, en, fr));
        match refusal {
            Refusal::Token(DomainError::Unauthenticated) => {
                let message = pick(
                    language,
                    "The access token does not hold. Get a new one, or send none.",
                    "Le jeton d’accès n’est pas valide. Demandez-en un nouveau ou n’en envoyez aucun.",
                );
                let challenge = "Bearer error=\"invalid_token\"";
                Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
                    .with_header(header::WWW_AUTHENTICATE, challenge)
            }
            Refusal::Cookie(DomainError::Unauthenticated) => {
                let message = pick(
                    language,
                    "This session is over. Log in again.",
                    "Cette session a pris fin. Ouvrez-en une nouvelle.",
                );
                Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
            }
            Refusal::TwoCredentials => {
                let message = pick(
                    language,
                    "There are an access token and a session cookie. Send one of the two.",
                    "Il y a un jeton d’accès et un témoin de session. Envoyez l’un des deux.",
                );
                Self::new(StatusCode::BAD_REQUEST, "TWO_CREDENTIALS", message)
            }
            Refusal::NoClient => forbidden(
                "CLIENT_HEADER_REQUIRED",
                "A session cookie counts beside the header X-Marketplace-Client only.",
                "Un témoin de session ne compte qu’avec l’en-tête X-Marketplace-Client.",
            ),
            Refusal::Origin => forbidden(
                "FORBIDDEN_ORIGIN",
                "A page of this origin may not use a session cookie.",
                "Une page de cette origine ne peut pas utiliser de témoin de session.",
            ),
            Refusal::Token(error) | Refusal::Cookie(error) => {
                tracing::error!(
                    error = error.with_causes(),
                    "a request could not be authenticated"
                );
                Self::unavailable(language)
            }
        }
    }

    /// What a use case that did not succeed is to the caller, outside GraphQL.
    pub(super) fn of_domain(ctx: &Context, error: &DomainError) -> Self {
        let status = match error {
            DomainError::Rules(_) => StatusCode::BAD_REQUEST,
            DomainError::NotFound => StatusCode::NOT_FOUND,
            DomainError::Forbidden | DomainError::SecondFactorRequired { .. } => {
                StatusCode::FORBIDDEN
            }
            DomainError::Unauthenticated => StatusCode::UNAUTHORIZED,
            DomainError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            DomainError::Busy { .. } | DomainError::Unavailable(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            DomainError::Retry(_) | DomainError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let (code, message) = code_and_message(ctx, error);
        let failure = Self::new(status, code, message);
        match error {
            DomainError::Unauthenticated => failure.with_header(header::WWW_AUTHENTICATE, "Bearer"),
            DomainError::Unavailable(_) => failure.with_header(header::RETRY_AFTER, "5"),
            DomainError::RateLimited {
                retry_after_seconds,
            }
            | DomainError::Busy {
                retry_after_seconds,
            } => Self {
                header: Some(Box::new((
                    header::RETRY_AFTER,
                    (*retry_after_seconds).into(),
                ))),
                ..failure
            },
            _ => failure,
        }
    }

    /// The server has no place or no time.
    pub(super) fn unavailable(language: Language) -> Self {
        let message = pick(
            language,
            "The service cannot answer at the moment. Try again in a few seconds.",
            "Le service ne peut pas répondre pour le moment. Réessayez dans quelques secondes.",
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
            .with_header(header::RETRY_AFTER, "5")
    }

    /// The client has as many sockets open as it may.
    pub(super) fn too_many_sockets(language: Language) -> Self {
        let message = pick(
            language,
            "As many sockets are open from here as one client may have. Close one of them first.",
            "Autant de connexions WebSocket sont ouvertes d’ici qu’un client peut en avoir. Fermez-en une d’abord.",
        );
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_SOCKETS", message)
    }

    /// The same as a page, which `fill` makes of the status and the words.
    #[cfg(feature = "oidc")]
    pub(super) fn into_page(self, fill: impl FnOnce(StatusCode, &str) -> Response) -> Response {
        let mut response = fill(self.status, &self.message);
        if let Some((name, value)) = self.header.map(|header| *header) {
            response.headers_mut().insert(name, value);
        }
        response
    }

    pub(super) fn into_response(self, media_type: MediaType) -> Response {
        let mut extensions = Map::from_iter([("code".to_owned(), self.code.into_owned().into())]);
        extensions.extend(
            self.request_id
                .map(|id| ("requestId".to_owned(), id.into())),
        );
        let error = json!({ "message": self.message, "extensions": extensions });
        let mut response = reply(
            self.status,
            media_type,
            json!({ "errors": [error] }).to_string(),
        );
        if let Some((name, value)) = self.header.map(|header| *header) {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

const fn pick(language: Language, en: &'static str, fr: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Fr => fr,
    }
}

/// A body of ours, which nobody keeps.
pub(super) fn reply(status: StatusCode, media_type: MediaType, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.content_type()),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Accept, Authorization, Cookie"),
    ];
    (status, headers, body).into_response()
}

/// A request that is none.
pub(super) fn bad_request(message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}
