//! `/metrics`: figures for whoever watches over the server, in Prometheus' text format. Numbers of this process alone: nothing
//! of a person, and no statement to the database. Not for the public: it has a service of its own, on an address of its own,
//! and must not be a route of the public one.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use chrono::{DateTime, Utc};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

/// The format's media type.
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The service for whoever watches over the server: `/metrics` and nothing else.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// The figures as they are now.
async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], text(&app))
}

fn text(app: &App) -> String {
    let (now, current) = (app.clock.now(), &app.current_suggestions);
    let (progress, shown) = (current.progress(), current.shown());
    let mut text = String::new();
    let mut figure = |name: &str, kind: &str, help: &str, value: f64| {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "# HELP marketplace_{name} {help}\n# TYPE marketplace_{name} {kind}\nmarketplace_{name} {value}\n"
        );
    };
    figure(
        "current_suggestions_rebuilds_after_error_total",
        "counter",
        "How often this server scored everybody again because what it kept could not take in a change; 0 unless it has a fault.",
        progress.rebuilds_after_error.into(),
    );
    figure(
        "password_hashes_queued",
        "gauge",
        "Passwords that are hashed now or wait for it; when 64 wait, whoever comes is told to come back.",
        u32::try_from(app.hasher.queued())
            .unwrap_or(u32::MAX)
            .into(),
    );
    // What has no value yet is left out.
    let mut gauge = |name: &str, help: &str, value: Option<f64>| {
        if let Some(value) = value {
            figure(name, "gauge", help, value);
        }
    };
    let looked = progress.looked_at.map(|at| seconds_since(at, now));
    let behind = progress.behind_since.map(|since| seconds_since(since, now));
    gauge(
        "current_suggestions_behind_seconds",
        "For how long this server has known of a change that its list does not show, or has tried to make its first list; 0 while it shows all it knows of.",
        behind.or(looked.map(|_| 0.0)),
    );
    gauge(
        "current_suggestions_looked_seconds",
        "Since this server last compared its list with the database.",
        looked,
    );
    gauge(
        "current_suggestions_run_seconds",
        "How long the last choice of the list took, reading included.",
        progress.last_run.as_ref().map(Duration::as_secs_f64),
    );
    gauge(
        "current_suggestions_pairs",
        "Pairs in the list.",
        shown.map(|shown| {
            u32::try_from(shown.suggestions.len())
                .unwrap_or(u32::MAX)
                .into()
        }),
    );
    text
}

fn seconds_since(moment: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    (now - moment).to_std().unwrap_or_default().as_secs_f64()
}
