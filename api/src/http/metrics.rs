//! `/metrics`: figures for whoever watches over the server, in Prometheus' text format. Numbers that this process has at hand:
//! nothing of a person, and no statement to the database. Not for the public: it has a service of its own, on an address of its own,
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
use crate::jobs::figures::Waiting;

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
    let mut text = String::new();
    write_passwords(&mut text, app);
    write_suggestions(&mut text, app);
    write_jobs(&mut text, app);
    text
}

fn write_passwords(text: &mut String, app: &App) {
    let queued = u32::try_from(app.hasher.queued()).unwrap_or(u32::MAX);
    family(
        text,
        ("password_hashes_queued", "gauge"),
        "Passwords that are hashed now or wait for it; when 64 wait, whoever comes is told to come back.",
        [(String::new(), queued.into())],
    );
}

fn write_suggestions(text: &mut String, app: &App) {
    let (now, current) = (app.clock.now(), &app.current_suggestions);
    let (progress, shown) = (current.progress(), current.shown());
    family(
        text,
        ("current_suggestions_rebuilds_after_error_total", "counter"),
        "How often this server scored everybody again because what it kept could not take in a change; 0 unless it has a fault.",
        [(String::new(), progress.rebuilds_after_error.into())],
    );
    let looked = progress.looked_at.map(|at| seconds_since(at, now));
    let behind = progress.behind_since.map(|since| seconds_since(since, now));
    // What has no value yet is left out.
    for (name, help, value) in [
        (
            "current_suggestions_behind_seconds",
            "For how long this server has known of a change that its list does not show, or has tried to make its first list; 0 while it shows all it knows of.",
            behind.or(looked.map(|_| 0.0)),
        ),
        (
            "current_suggestions_looked_seconds",
            "Since this server last compared its list with the database.",
            looked,
        ),
        (
            "current_suggestions_run_seconds",
            "How long the last choice of the list took, reading included.",
            progress.last_run.as_ref().map(Duration::as_secs_f64),
        ),
        (
            "current_suggestions_pairs",
            "Pairs in the list.",
            shown.map(|shown| {
                u32::try_from(shown.suggestions.len())
                    .unwrap_or(u32::MAX)
                    .into()
            }),
        ),
    ] {
        if let Some(value) = value {
            family(text, (name, "gauge"), help, [(String::new(), value)]);
        }
    }
}

fn write_jobs(text: &mut String, app: &App) {
    let now = app.clock.now();
    let tries = app.job_figures.tries().into_iter();
    family(
        text,
        ("job_tries_total", "counter"),
        "Tries of jobs by this process, by how they ended: done, failed (and tried again), given_up, waited (no try: its time had not come).",
        tries.map(|((kind, outcome), count)| {
            let labels = format!("{{kind=\"{kind}\",outcome=\"{}\"}}", outcome.as_str());
            (labels, as_figure(count))
        }),
    );
    let Some(kinds) = app.job_figures.waiting() else {
        return;
    };
    let of_each = |value: &dyn Fn(&Waiting) -> f64| {
        let of_one = |(kind, waiting)| (format!("{{kind=\"{kind}\"}}"), value(waiting));
        kinds.iter().map(of_one).collect::<Vec<_>>()
    };
    family(
        text,
        ("jobs_due", "gauge"),
        "Jobs that are due and that no worker has taken up.",
        of_each(&|waiting| as_figure(waiting.due.unsigned_abs())),
    );
    family(
        text,
        ("jobs_due_oldest_seconds", "gauge"),
        "For how long the oldest of them has been due. Over 90: is there a worker?",
        of_each(&|waiting| {
            waiting
                .due_since
                .map_or(0.0, |since| seconds_since(since, now))
        }),
    );
    family(
        text,
        ("jobs_dead", "gauge"),
        "Jobs that were given up and wait for somebody to look: `marketplace jobs list`.",
        of_each(&|waiting| as_figure(waiting.dead.unsigned_abs())),
    );
    family(
        text,
        ("job_kind_paused", "gauge"),
        "1 while none of a kind is taken up since what all of them need does not work, such as the mail relay.",
        of_each(&|waiting| f64::from(u8::from(waiting.is_paused))),
    );
}

/// One figure, for each set of labels that it has a value for.
fn family(
    text: &mut String,
    (name, kind): (&str, &str),
    help: &str,
    values: impl IntoIterator<Item = (String, f64)>,
) {
    let mut values = values.into_iter().peekable();
    if values.peek().is_none() {
        return;
    }
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "# HELP marketplace_{name} {help}\n# TYPE marketplace_{name} {kind}\n"
    );
    for (labels, value) in values {
        let _ = writeln!(text, "marketplace_{name}{labels} {value}");
    }
}

/// Counts beyond four thousand million are not told more exactly.
fn as_figure(count: u64) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}

fn seconds_since(moment: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    (now - moment).to_std().unwrap_or_default().as_secs_f64()
}
