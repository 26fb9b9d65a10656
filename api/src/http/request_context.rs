//! From a request's headers to the context of its use cases.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use entity::consent::ConsentChannel;
use entity::language::Language;
use entity::personal::Personal;

use super::client_address::client_address;
use super::origin::{self, Origin};
use super::{cookie, graphql_over_ws};
use crate::actor::Actor;
use crate::app::App;
use crate::config::HttpConfig;
use crate::context::Context;
use crate::credentials::access_token::{self, Occasion};
use crate::credentials::browser_cookie;
use crate::error::DomainError;

/// The most characters of a program's name that are kept.
const USER_AGENT: usize = 200;

/// The header that names a request in logs and errors.
pub const REQUEST_ID: &str = "x-request-id";

/// The header by which a page of ours says that a request is meant. No page of another site can send it without our consent
/// (a CORS preflight), which is why a cookie counts beside it only.
pub const CLIENT: &str = "x-marketplace-client";

/// Why a request is refused before anybody knows whose it is.
#[derive(Debug)]
pub enum Refusal {
    /// The token does not hold, or a fault of ours.
    Token(DomainError),
    /// The session of the cookie is over, or a fault of ours.
    Cookie(DomainError),
    /// There are both.
    TwoCredentials,
    /// There is a cookie, and nothing says that a page of ours sent it.
    NoClient,
    /// There is a cookie, and the page is not one of ours.
    Origin,
}

/// By what a request says whose it is.
enum Credential<'a> {
    None,
    Bearer(&'a str),
    Cookie(&'a str),
}

/// Authenticates the request and gathers what use cases need.
///
/// # Errors
/// When a token or cookie was shown that does not hold, both were shown, or a cookie that may not be used so.
pub async fn from_parts(app: &Arc<App>, parts: &Parts) -> Result<Context, Refusal> {
    let actor = actor(app, parts, Occasion::Request).await?;
    Ok(of_actor(app, parts, actor))
}

/// The context of a request that may show a cookie and no token; none when it shows neither.
///
/// # Errors
/// As [`from_parts`].
pub async fn from_cookie(app: &Arc<App>, parts: &Parts) -> Result<Option<Context>, Refusal> {
    match credential(&parts.headers)? {
        Credential::Cookie(_) => from_parts(app, parts).await.map(Some),
        Credential::None | Credential::Bearer(_) => Ok(None),
    }
}

/// Who the request's token or cookie stands for by now. Does not count as a use of the session.
///
/// # Errors
/// As [`from_parts`].
pub async fn recheck(app: &App, parts: &Parts) -> Result<Actor, Refusal> {
    actor(app, parts, Occasion::Recheck).await
}

async fn actor(app: &App, parts: &Parts, occasion: Occasion) -> Result<Actor, Refusal> {
    // Of an open socket nobody waits for an answer: it lasts while the database is away for a moment.
    let require_database = || match occasion {
        Occasion::Request => Ok(app.store.reach.require()?),
        Occasion::Recheck => Ok::<_, DomainError>(()),
    };
    match credential(&parts.headers)? {
        Credential::None => Ok(Actor::Anonymous),
        Credential::Bearer(token) => {
            require_database().map_err(Refusal::Token)?;
            access_token::authenticate(app, Some(token), occasion)
                .await
                .map_err(Refusal::Token)
        }
        Credential::Cookie(secret) => {
            require_own_page(parts, &app.config.http)?;
            require_database().map_err(Refusal::Cookie)?;
            browser_cookie::authenticate(app, secret, occasion)
                .await
                .map_err(Refusal::Cookie)
        }
    }
}

/// Requires that a page of ours sent the request, and meant to. Browsers do not say from where a page reads of its own site;
/// sockets cannot say that they are meant, and always say from where.
///
/// # Errors
/// [`Refusal::NoClient`] and [`Refusal::Origin`].
pub fn require_own_page(parts: &Parts, config: &HttpConfig) -> Result<(), Refusal> {
    let is_upgrade = graphql_over_ws::is_upgrade(&parts.headers);
    let is_reading = matches!(parts.method, Method::GET | Method::HEAD) && !is_upgrade;
    if !is_upgrade && parts.headers.get(CLIENT).is_none_or(HeaderValue::is_empty) {
        return Err(Refusal::NoClient);
    }
    match origin::of(&parts.headers, config) {
        Origin::Allowed => Ok(()),
        Origin::Absent if is_reading => Ok(()),
        Origin::Absent | Origin::Foreign => Err(Refusal::Origin),
    }
}

fn credential(headers: &HeaderMap) -> Result<Credential<'_>, Refusal> {
    match (bearer(headers), cookie::read(headers)) {
        (None, None) => Ok(Credential::None),
        (Some(token), None) => Ok(Credential::Bearer(token)),
        (None, Some(secret)) => Ok(Credential::Cookie(secret)),
        (Some(_), Some(_)) => Err(Refusal::TwoCredentials),
    }
}

fn of_actor(app: &Arc<App>, parts: &Parts, actor: Actor) -> Context {
    let language = actor
        .person()
        .and_then(|person| person.language)
        .or_else(|| accepted_language(&parts.headers))
        .unwrap_or(Language::En);
    Context {
        actor,
        channel: channel(&parts.headers, &app.config.http),
        ..anonymous(app, parts, language)
    }
}

/// The context of a request that shows no token: pages whose links say themselves who acts.
pub fn anonymous(app: &Arc<App>, parts: &Parts, language: Language) -> Context {
    Context {
        app: app.clone(),
        actor: Actor::Anonymous,
        language,
        request_id: request_id(&parts.headers),
        client: client_address(parts, &app.config.http.trusted_proxies),
        user_agent: user_agent(&parts.headers),
        // Whoever acts here without a token came by a link of a mail.
        channel: ConsentChannel::Mail,
    }
}

/// Whether a page of ours asks, or a program.
fn channel(headers: &HeaderMap, config: &HttpConfig) -> ConsentChannel {
    match origin::of(headers, config) {
        Origin::Allowed => ConsentChannel::Web,
        Origin::Foreign | Origin::Absent => ConsentChannel::Api,
    }
}

/// The request's id, set by the router for each request.
pub fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// The language of answers to a request of which it is not known whose it is.
pub fn language(headers: &HeaderMap) -> Language {
    accepted_language(headers).unwrap_or(Language::En)
}

/// The first official language of `Accept-Language`, if any.
pub fn accepted_language(headers: &HeaderMap) -> Option<Language> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut choices: Vec<(f32, Language)> = value
        .split(',')
        .filter_map(|item| {
            // Blanks may stand around every part (RFC 9110, §5.6.6).
            let mut parts = item.split(';').map(str::trim);
            let tag = parts.next()?;
            let quality = parts.find_map(|part| {
                part.split_once('=')
                    .filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            });
            let quality: f32 = quality
                .map_or("1", |(_, value)| value.trim())
                .parse()
                .ok()?;
            let primary = tag.split('-').next()?.to_ascii_lowercase();
            Some((quality, primary.parse().ok()?))
        })
        .filter(|(quality, _)| *quality > 0.0)
        .collect();
    // A stable sort keeps the header's order among equals.
    choices.sort_by(|a, b| b.0.total_cmp(&a.0));
    choices.first().map(|(_, language)| *language)
}

/// The caller's word about itself: visible ASCII and blanks, cut, and nothing else of it.
fn user_agent(headers: &HeaderMap) -> Option<Personal> {
    let text: String = headers
        .get(header::USER_AGENT)?
        .as_bytes()
        .iter()
        .filter(|byte| matches!(byte, b' '..=b'~'))
        .map(|byte| char::from(*byte))
        .take(USER_AGENT)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| Personal::new(text))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?;
    // A header that is no bearer token is refused like a bad token, not taken for anonymity. The scheme's name may be
    // written in any case (RFC 9110).
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    Some(token.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_token_is_found_behind_its_scheme_in_any_case() {
        for value in ["Bearer abc", "bearer abc", "BEARER  abc "] {
            assert_eq!(bearer(&headers(header::AUTHORIZATION, value)), Some("abc"));
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
        for other in ["Basic abc", "Bearer", "abc", "", "Bearerabc"] {
            assert_eq!(
                bearer(&headers(header::AUTHORIZATION, other)),
                Some(""),
                "{other}"
            );
        }
    }

    #[test]
    fn a_program_is_named_by_visible_characters_and_not_at_length() {
        let named = |value: &[u8]| {
            let value = HeaderValue::from_bytes(value).unwrap();
            user_agent(&HeaderMap::from_iter([(header::USER_AGENT, value)]))
                .map(Personal::into_exposed)
        };
        assert_eq!(user_agent(&HeaderMap::new()), None);
        assert_eq!(
            named(b" Firefox/150.0 (X11) ").as_deref(),
            Some("Firefox/150.0 (X11)")
        );
        assert_eq!(
            named("a\tb\u{202e}c\u{9b}".as_bytes()).as_deref(),
            Some("abc")
        );
        assert_eq!(named(b"\t \xff"), None);
        assert_eq!(named(&[b'x'; 200]), Some("x".repeat(200)));
        assert_eq!(named(&[b'x'; 201]), Some("x".repeat(200)));
    }

    #[test]
    fn the_preferred_official_language_wins() {
        let language = |value| accepted_language(&headers(header::ACCEPT_LANGUAGE, value));
        assert_eq!(language("fr-CA, en;q=0.8"), Some(Language::Fr));
        assert_eq!(language("en ; q = 0.5 , fr; q=0.9"), Some(Language::Fr));
        assert_eq!(language("de, en;q=0.3, fr;q=0.7"), Some(Language::Fr));
        assert_eq!(language("en, fr"), Some(Language::En));
        assert_eq!(language("fr;q=0, de"), None);
        assert_eq!(language(""), None);
    }
}
