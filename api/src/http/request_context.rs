//! From a request's headers to the context of its use cases.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use entity::language::Language;

use crate::actor::Actor;
use crate::app::App;
use crate::context::Context;
use crate::credentials::access_token::authenticate;
use crate::error::DomainError;

/// The header that names a request in logs and errors.
pub const REQUEST_ID: &str = "x-request-id";

/// Authenticates the request and gathers what use cases need.
///
/// # Errors
/// [`DomainError::Unauthenticated`] when a token was shown that does not hold.
pub async fn from_parts(app: &Arc<App>, parts: &Parts) -> Result<Context, DomainError> {
    let client = client(parts);
    let actor = authenticate(app, bearer(&parts.headers)).await?;
    let language = actor
        .person()
        .and_then(|person| person.language)
        .or_else(|| accepted_language(&parts.headers))
        .unwrap_or(Language::En);
    Ok(Context {
        app: app.clone(),
        actor,
        language,
        request_id: request_id(&parts.headers),
        client,
    })
}

/// The context of a request that shows no token: pages whose links say themselves who acts.
pub fn anonymous(app: &Arc<App>, parts: &Parts, language: Language) -> Context {
    Context {
        app: app.clone(),
        actor: Actor::Anonymous,
        language,
        request_id: request_id(&parts.headers),
        client: client(parts),
    }
}

fn client(parts: &Parts) -> Option<IpAddr> {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip())
}

/// The request's id, set by the router for each request.
pub fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// The first official language of `Accept-Language`, if any.
pub fn accepted_language(headers: &HeaderMap) -> Option<Language> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut choices: Vec<(f32, Language)> = value
        .split(',')
        .filter_map(|item| {
            let (tag, quality) = item.split_once(";q=").unwrap_or((item, "1"));
            let quality: f32 = quality.trim().parse().ok()?;
            let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
            Some((quality, primary.parse().ok()?))
        })
        .filter(|(quality, _)| *quality > 0.0)
        .collect();
    // A stable sort keeps the header's order among equals.
    choices.sort_by(|a, b| b.0.total_cmp(&a.0));
    choices.first().map(|(_, language)| *language)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?;
    // A header that is no bearer token is refused like a bad token, not taken for anonymity.
    Some(
        value
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "))
            .unwrap_or_default()
            .trim(),
    )
}
