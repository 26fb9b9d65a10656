//! The pages behind mail links, for people without the site at hand: answering an offer, unsubscribing, confirming an
//! address, choosing a password. Server-rendered, in both languages, without scripts.
//!
//! GET and HEAD change nothing, since mail scanners follow links; only POST acts, and may be repeated.

mod address;
mod follow_up;
mod offer;
mod page;
mod reader;
mod reset;
mod submitted;
mod unsubscribe;
mod verify;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::time::timeout;

use self::page::Refusal;
use super::request_context;
use super::router::HttpState;
use super::template::CONTENT_SECURITY_POLICY;

/// No form here is longer: a note of 2,000 characters of four bytes, each byte encoded as three, and the rest.
const MAX_BODY: usize = 64 * 1024;

/// For a page from its request to its answer.
const ANSWER_TIME: Duration = Duration::from_secs(5);

/// The routes under `/a`.
pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route("/a/follow-up", get(follow_up::show).post(follow_up::act))
        .route("/a/offer", get(offer::show).post(offer::act))
        .route(
            "/a/unsubscribe",
            get(unsubscribe::show).post(unsubscribe::act),
        )
        .route("/a/verify", get(verify::show).post(verify::act))
        .route("/a/address", get(address::show).post(address::act))
        .route("/a/reset", get(reset::show).post(reset::act))
        .route("/a/style.css", get(style))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(protect))
}

async fn style() -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        include_str!("actions/style.css"),
    )
        .into_response()
}

/// Addresses here carry tokens: they are not to be cached or indexed. Nobody waits longer for them than for the API.
async fn protect(request: Request, next: Next) -> Response {
    let language = request_context::language(request.headers());
    let mut response = timeout(ANSWER_TIME, next.run(request))
        .await
        .unwrap_or_else(|_| Refusal::Failed.page(language));
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
