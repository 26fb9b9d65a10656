//! Pages for everybody, without an account: how personal data are treated, how matching works, and what is public of
//! organizations and projects. In both languages, without scripts; what is wrong is a page too.

mod listing;
mod matching;
mod page;
mod privacy;

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::time::timeout;

use self::page::{Failure, Reader};
use super::router::HttpState;

/// Where people read how personal data are treated.
pub(super) const PRIVACY: &str = "/privacy";
/// Where people read how matching works.
pub(super) const MATCHING: &str = "/how-matching-works";

/// For a page from its request to its answer.
const ANSWER_TIME: Duration = Duration::from_secs(5);

/// The routes of all public pages.
pub(super) fn routes() -> Router<HttpState> {
    Router::new()
        .route(PRIVACY, get(privacy::show))
        .route(MATCHING, get(matching::show))
        .route("/organizations/{slug}", get(listing::organization))
        .route("/projects/{slug}", get(listing::project))
        .layer(from_fn(in_time))
}

/// Nobody waits longer for a page than for the API.
async fn in_time(parts: Parts, request: Request, next: Next) -> Response {
    timeout(ANSWER_TIME, next.run(request))
        .await
        .unwrap_or_else(|_| Failure::Failed.page(&Reader::new(&parts, String::new())))
}

/// For addresses that lead nowhere: a page for people, the bare status for programs.
pub(super) async fn missing(parts: Parts) -> Response {
    let accepted = parts.headers.get(header::ACCEPT);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        Failure::Missing.page(&Reader::new(&parts, String::new()))
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}
