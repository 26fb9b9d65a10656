//! `/sign-in/oidc`: going to the identity provider and coming back. Who comes back has a browser's session, as after a log-in with
//! a password, or has linked the provider's account to the own one.
//!
//! A cookie binds the way there to the way back. Browsers send it when they come from another site, which the session's they do not.

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use entity::language::Language;
use minijinja::context;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use super::browser_session::{body_of, in_time, require_session, respond};
use super::failure::Failure;
use super::router::HttpState;
use super::template::{self, CONTENT_SECURITY_POLICY};
use super::{cookie, pages, request_context};
use crate::context::Context;
use crate::domain::accounts::identities::finish::{self, Finished};
use crate::domain::accounts::identities::{Begun, IdentityError, begin_link, begin_log_in};
use crate::error::DomainError;
use crate::identity_provider::CALLBACK;

const ROUTE: &str = "/sign-in/oidc";
/// The route of linking, which pages of ours post to.
pub const LINK_ROUTE: &str = "/sign-in/oidc/link";

const COOKIE: &str = "__Host-sign-in";
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
/// What waits for the way back: as long as the log-in that was begun.
const COOKIE_SECONDS: u32 = 600;

/// The password, asked for again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    password: String,
}

/// What the provider sends people back with. Its words about an error are its own, and are not shown.
#[derive(Default, Deserialize)]
struct Returned {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

/// The pages that people are sent through.
pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route(ROUTE, get(begin))
        .route(CALLBACK, get(finish))
}

/// Whether the browser says that it loads this as a part of some page, such as an image, and not because somebody goes there.
fn is_part_of_a_page(headers: &HeaderMap) -> bool {
    let meant = headers.get("sec-fetch-dest");
    meant.is_some_and(|meant| meant != "document")
}

/// What a part of a page gets: nothing is begun, counted or taken for it.
fn not_as_a_part() -> Response {
    StatusCode::FORBIDDEN.into_response()
}

/// `GET /sign-in/oidc`: sends the browser to the provider.
async fn begin(State(state): State<HttpState>, parts: Parts) -> Response {
    if is_part_of_a_page(&parts.headers) {
        return not_as_a_part();
    }
    let ctx = anonymous(&state, &parts);
    let before = cookie::read(&parts.headers);
    let outcome = begin_log_in::run(&ctx, before).await;
    let answer = outcome.map(|begun| {
        let held = held_by(&begun)?;
        Ok::<_, DomainError>(to(&begun.address, [held]))
    });
    settle(&state, &ctx, parts, answer.and_then(|it| Ok(it?))).await
}

/// `POST /sign-in/oidc/link`: says where to go for an account that shall be linked, and has the browser keep the cookie.
pub async fn link(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    respond(&parts, async |language| {
        let ctx = require_session(&state, &parts, language).await?;
        let sent: Link = body_of(&parts, body, "the password").await?;
        let password = SecretString::from(sent.password);
        let beginning = async {
            match begin_link::run(&ctx, &password).await {
                Ok(begun) => Ok(Some(begun)),
                Err(IdentityError::Unavailable) => Ok(None),
                Err(IdentityError::Domain(error)) => Err(error),
            }
        };
        let begun = in_time(&ctx, beginning).await?;
        let begun = begun.ok_or_else(|| Failure::unavailable(ctx.language))?;
        let held = held_by(&begun).map_err(|error| Failure::of_domain(&ctx, &error))?;
        let body = json!({ "location": begun.address }).to_string();
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            ),
            (header::SET_COOKIE, held),
        ];
        Ok((headers, body).into_response())
    })
    .await
}

/// `GET /sign-in/oidc/callback`: opens the session or links the account, and sends the browser to the site.
async fn finish(State(state): State<HttpState>, parts: Parts) -> Response {
    if is_part_of_a_page(&parts.headers) {
        return not_as_a_part();
    }
    let ctx = anonymous(&state, &parts);
    // What cannot be read is as good as what was never begun.
    let returned = Query::<Returned>::try_from_uri(&parts.uri).unwrap_or_default();
    let browser = waiting(&parts.headers).to_owned();
    let before = cookie::read(&parts.headers).map(str::to_owned);
    let input = finish::Input {
        state: &returned.state,
        browser: &browser,
        code: returned.code.as_deref(),
        issuer: returned.iss.as_deref(),
        before: before.as_deref(),
    };
    let outcome = finish::run(&ctx, &input).await;
    let answer = outcome.and_then(|finished| {
        let forgotten = HeaderValue::try_from(format!("{COOKIE}=; Max-Age=0; {ATTRIBUTES}"));
        let forgotten = forgotten.map_err(unwritable)?;
        let site = site(&state);
        Ok(match finished {
            Finished::Linked => to(&site, [forgotten]),
            Finished::Opened(cookie) => {
                let held = cookie::write(&cookie).map_err(unwritable)?;
                to(&site, [forgotten, held])
            }
        })
    });
    settle(&state, &ctx, parts, answer).await
}

fn anonymous(state: &HttpState, parts: &Parts) -> Context {
    let language = request_context::language(&parts.headers);
    request_context::anonymous(&state.app, parts, language)
}

/// Where people go who have come through: the client where the server has it, else what is at the base URL.
fn site(state: &HttpState) -> String {
    let http = &state.app.config.http;
    let path = if http.admin_dir.is_some() {
        "admin/"
    } else {
        ""
    };
    format!("{}/{path}", http.base_url)
}

/// Sends the browser elsewhere, with cookies to keep or to forget.
fn to<const N: usize>(address: &str, cookies: [HeaderValue; N]) -> Response {
    let mut response = Redirect::to(address).into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn held_by(begun: &Begun) -> Result<HeaderValue, DomainError> {
    let secret = &begun.browser;
    let text = format!("{COOKIE}={secret}; Max-Age={COOKIE_SECONDS}; {ATTRIBUTES}");
    HeaderValue::try_from(text).map_err(unwritable)
}

fn unwritable(error: header::InvalidHeaderValue) -> DomainError {
    DomainError::Internal(error.into())
}

/// The secret that the browser was given when it went, if any.
fn waiting(headers: &HeaderMap) -> &str {
    cookie::read_named(headers, COOKIE).unwrap_or_default()
}

/// The answer, or a page that says why there is none. Neither is kept by anybody on the way.
async fn settle(
    state: &HttpState,
    ctx: &Context,
    parts: Parts,
    answer: Result<Response, IdentityError>,
) -> Response {
    let mut response = match answer {
        Ok(response) => response,
        Err(IdentityError::Domain(DomainError::NotFound)) => return pages::missing(parts).await,
        Err(error) => page(state, ctx, &error),
    };
    for (name, value) in [
        ("cache-control", "no-store"),
        ("vary", "Accept-Language, Cookie"),
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        let (name, value) = (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        response.headers_mut().insert(name, value);
    }
    response
}

fn page(state: &HttpState, ctx: &Context, error: &IdentityError) -> Response {
    let pick = |en: &str, fr: &str| match ctx.language {
        Language::En => en.to_owned(),
        Language::Fr => fr.to_owned(),
    };
    let unavailable = pick(
        "The identity provider does not answer as it should. Try again in a few minutes, or log in with your password.",
        "Le fournisseur d’identité ne répond pas comme il le devrait. Réessayez dans quelques minutes, ou ouvrez une session avec votre mot de passe.",
    );
    let (status, text) = match error {
        IdentityError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, unavailable),
        IdentityError::Domain(DomainError::Rules(rules)) => {
            let said = rules.iter().map(|rule| rule.message(ctx.language));
            (StatusCode::BAD_REQUEST, said.collect::<Vec<_>>().join(" "))
        }
        IdentityError::Domain(error) => {
            // The status, the words and the wait, as for programs.
            let failure = Failure::of_domain(ctx, error);
            return failure.into_page(|status, message| fill(state, ctx, status, message));
        }
    };
    fill(state, ctx, status, &text)
}

fn fill(state: &HttpState, ctx: &Context, status: StatusCode, text: &str) -> Response {
    let data = context! {
        path => "",
        token => "",
        problems => Vec::<String>::new(),
        page => context! { text, site => site(state) },
    };
    template::fill("sign_in.html", status, ctx.language, data)
}
