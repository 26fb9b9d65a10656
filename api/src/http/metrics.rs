//! `/metrics`: figures for whoever watches over the server, in Prometheus' text format. Numbers of this process alone: nothing
//! of a person, and no statement to the database. Not for the public; close it where the server meets them.

use std::fmt::Write as _;
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};

use super::router::HttpState;
use crate::app::App;

/// The format's media type.
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The figures as they are now.
pub async fn metrics(State(state): State<HttpState>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], text(&state.app))
}

fn text(app: &App) -> String {
    let (now, current) = (app.clock.now(), &app.current_suggestions);
    let (progress, shown) = (current.progress(), current.shown());
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: Option<f64>| {
        // What has no value yet is left out. Writing to a string cannot fail.
        if let Some(value) = value {
            let name = format!("marketplace_current_suggestions_{name}");
            let _ = write!(
                text,
                "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"
            );
        }
    };
    let looked = progress.looked_at.map(|at| seconds_since(at, now));
    let behind = progress.behind_since.map(|since| seconds_since(since, now));
    gauge(
        "behind_seconds",
        "For how long this server has known of a change that its list does not show; 0 while it shows all it knows of.",
        looked.map(|_| behind.unwrap_or_default()),
    );
    gauge(
        "looked_seconds",
        "Since this server last compared its list with the database.",
        looked,
    );
    gauge(
        "run_seconds",
        "How long the last choice of the list took, reading included.",
        progress.last_run.as_ref().map(Duration::as_secs_f64),
    );
    gauge(
        "pairs",
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
