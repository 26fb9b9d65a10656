//! `/session`: logging in and out with a browser, whose session a cookie holds that no script reads, and showing the second
//! factor. The same use cases as over GraphQL, which has no say over headers; what a session may do is decided elsewhere.
//!
//! A page says with each request that it is meant (`X-Marketplace-Client`), and the browser says whose page it is (`Origin`).

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use entity::account;
use entity::language::Language;
use entity::personal::Personal;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::cookie;
use super::failure::{Failure, bad_request};
use super::graphql_over_http::{
    AUTHENTICATION_TIME, BODY_TIME, MediaType, parse_json, read, require_json,
};
use super::request_context::{self, Refusal, from_cookie, require_own_page};
use super::router::HttpState;
use crate::actor::SecondFactor;
use crate::context::Context;
use crate::credentials::access_token::Occasion;
use crate::credentials::browser_cookie::authenticate;
use crate::credentials::session::Cookie;
use crate::domain::accounts::second_factor::prove;
use crate::domain::accounts::{self, log_in, log_in_browser, log_out};
use crate::error::DomainError;
use crate::graphql::error::rule_name;
use crate::graphql::id::encode;
use crate::store::transaction::retrying;

/// The route of the session.
pub const ROUTE: &str = "/session";
/// The route of its second factor.
pub const FACTOR_ROUTE: &str = "/session/factor";

/// For a use case, in which a password may wait for its turn to be hashed.
const ANSWER_TIME: Duration = Duration::from_secs(10);

/// Address and password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogIn {
    email: String,
    password: String,
}

/// A code of the app, or a recovery code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Factor {
    code: String,
}

/// `POST /session`: logs in, and has the browser keep a cookie.
pub async fn open(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    respond(&parts, async |language| {
        let ctx = require_log_in(&state, &parts, language)?;
        let sent: LogIn = body_of(&parts, body, "email and password").await?;
        let input = log_in::Input {
            email: Personal::new(sent.email),
            password: SecretString::from(sent.password),
        };
        // The cookie of before counts for nothing but its own end.
        let before = cookie::read(&parts.headers);
        let opening = log_in_browser::run(&ctx, &input, before);
        let (account, opened) = in_time(&ctx, opening).await?;
        hand_over(&state, &ctx, &account, &opened).await
    })
    .await
}

/// `GET /session`: whose it is.
pub async fn show(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    respond(&parts, async |language| {
        let ctx = require_session(&state, &parts, language).await?;
        tell(&ctx, None).await
    })
    .await
}

/// `DELETE /session`: logs out, and has the browser forget the cookie. One that is over is forgotten too.
pub async fn close(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    respond(&parts, async |language| {
        let refused = |refusal: Refusal| Failure::of_refusal(&refusal, language);
        require_own_page(&parts, &state.app.config.http).map_err(refused)?;
        match require_session(&state, &parts, language).await {
            Ok(ctx) => in_time(&ctx, retrying(|| log_out::run(&ctx))).await?,
            Err(failure) if failure.is_unauthenticated() => {}
            Err(failure) => return Err(failure),
        }
        let done = StatusCode::NO_CONTENT.into_response();
        Ok(with_cookie(done, HeaderValue::from_static(cookie::FORGET)))
    })
    .await
}

/// `POST /session/factor`: shows the second factor in the session, and has the browser keep a new cookie.
pub async fn prove_factor(State(state): State<HttpState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    respond(&parts, async |language| {
        let ctx = require_session(&state, &parts, language).await?;
        let sent: Factor = body_of(&parts, body, "a code").await?;
        let renewed = in_time(&ctx, prove::run_in_browser(&ctx, &sent.code)).await?;
        let held = held_by(&ctx, &renewed)?;
        let answer = tell(&ctx, Some(SecondFactor::Proven)).await?;
        Ok(with_cookie(answer, held))
    })
    .await
}

/// The context of a log-in, which a page of ours means, and in which no token is shown.
pub(super) fn require_log_in(
    state: &HttpState,
    parts: &Parts,
    language: Language,
) -> Result<Context, Failure> {
    let refused = |refusal: Refusal| Failure::of_refusal(&refusal, language);
    require_own_page(parts, &state.app.config.http).map_err(refused)?;
    if parts.headers.contains_key(header::AUTHORIZATION) {
        return Err(refused(Refusal::TwoCredentials));
    }
    Ok(request_context::anonymous(&state.app, parts, language))
}

/// Hands the cookie of a session over that was just opened, and says whose it is.
pub(super) async fn hand_over(
    state: &HttpState,
    ctx: &Context,
    account: &account::Model,
    opened: &Cookie,
) -> Result<Response, Failure> {
    let held = held_by(ctx, opened)?;
    let actor = by_cookie(state, &opened.secret).await;
    let refused = |error| Failure::of_refusal(&Refusal::Cookie(error), ctx.language);
    Ok(with_cookie(told(account, actor.map_err(refused)?), held))
}

/// Answers, and never lets an answer be kept.
pub(super) async fn respond(
    parts: &Parts,
    answer: impl AsyncFnOnce(Language) -> Result<Response, Failure>,
) -> Response {
    let language = request_context::language(&parts.headers);
    let mut response = answer(language).await.unwrap_or_else(|failure| {
        failure
            .with_request_id(request_context::request_id(&parts.headers))
            .into_response(MediaType::Json)
    });
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Cookie, Origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// The context of whoever holds the cookie.
pub(super) async fn require_session(
    state: &HttpState,
    parts: &Parts,
    language: Language,
) -> Result<Context, Failure> {
    let looking = from_cookie(&state.app, parts);
    timeout(AUTHENTICATION_TIME, looking)
        .await
        .map_err(|_| Failure::unavailable(language))?
        .map_err(|refusal| Failure::of_refusal(&refusal, language))?
        .ok_or_else(|| {
            let none = Refusal::Cookie(DomainError::Unauthenticated);
            Failure::of_refusal(&none, language)
        })
}

pub(super) async fn body_of<T: DeserializeOwned>(
    parts: &Parts,
    body: Body,
    what: &str,
) -> Result<T, Failure> {
    require_json(&parts.headers)?;
    let json: Value = parse_json("body", &read(&parts.headers, body, BODY_TIME).await?)?;
    serde_json::from_value(json)
        .map_err(|_| bad_request(format!("Send a JSON object with {what}, and nothing else.")))
}

/// What a use case did, unless it took too long. A broken rule is told by its own code.
pub(super) async fn in_time<T>(
    ctx: &Context,
    doing: impl Future<Output = Result<T, DomainError>>,
) -> Result<T, Failure> {
    let reach = &ctx.app.store.reach;
    reach
        .require()
        .map_err(|error| Failure::of_domain(ctx, &error.into()))?;
    let outcome = timeout(ANSWER_TIME, doing).await;
    outcome
        .map_err(|_| Failure::unavailable(ctx.language))?
        .map_err(|error| {
            let failure = Failure::of_domain(ctx, &error);
            if let DomainError::Rules(rules) = &error
                && let Some(rule) = rules.first()
            {
                failure.with_code(rule_name(rule.code))
            } else {
                failure
            }
        })
}

/// How a session that was just opened stands to the second factor.
async fn by_cookie(state: &HttpState, secret: &str) -> Result<SecondFactor, DomainError> {
    let actor = authenticate(&state.app, secret, Occasion::Recheck).await?;
    let person = actor.person().ok_or(DomainError::Unauthenticated)?;
    Ok(person.second_factor)
}

/// Says whose session it is. `now` is how it stands to the second factor since the request began.
async fn tell(ctx: &Context, now: Option<SecondFactor>) -> Result<Response, Failure> {
    let failed = |error: DomainError| Failure::of_domain(ctx, &error);
    let person = ctx.person().map_err(failed)?;
    let loading = accounts::load(&ctx.app.store.connection, person.account_id);
    let account = in_time(ctx, loading).await?;
    Ok(told(&account, now.unwrap_or(person.second_factor)))
}

fn told(account: &account::Model, second_factor: SecondFactor) -> Response {
    let standing = match second_factor {
        SecondFactor::NotAsked => "NOT_ASKED",
        SecondFactor::Proven => "PROVEN",
        SecondFactor::ToProve => "TO_PROVE",
        SecondFactor::ToEnroll => "TO_ENROLL",
    };
    let upper = |text: &str| text.to_uppercase();
    let body = json!({
        "account": {
            "id": encode(&account.id).to_string(),
            "email": account.email.expose(),
            "givenName": account.given_name.expose(),
            "preferredLanguage": account.preferred_language.map(|it| upper(it.as_str())),
            "staffRole": account.staff_role.map(|it| upper(it.as_str())),
        },
        "secondFactor": standing,
    });
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, body.to_string()).into_response()
}

/// The header by which a browser holds a cookie.
fn held_by(ctx: &Context, cookie: &Cookie) -> Result<HeaderValue, Failure> {
    cookie::write(cookie)
        .map_err(|error| Failure::of_domain(ctx, &DomainError::Internal(error.into())))
}

fn with_cookie(mut response: Response, value: HeaderValue) -> Response {
    response.headers_mut().insert(header::SET_COOKIE, value);
    response
}
