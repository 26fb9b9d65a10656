//! What whoever watches over the server is told of background work.

use api::jobs::figures::look;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use http_body_util::BodyExt as _;
use matcher::mail::{Failure, SendError, Stage};
use tests::app::TestApp;
use tests::on_both_databases;
use tower::ServiceExt as _;

use super::dead_letters::give_up_a_mail;
use super::queue_a_mail;

/// The figures about jobs, as they are told.
async fn told(app: &TestApp) -> Vec<String> {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = app.metrics().oneshot(request).await.unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(body.to_vec()).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("marketplace_job"))
        .map(str::to_owned)
        .collect()
}

on_both_databases! {
    async fn figures_tell_what_waits_what_was_given_up_and_what_became_of_tries(backend) {
        let app = TestApp::new(backend).await;
        assert!(told(&app).await.is_empty(), "nothing is known yet");
        give_up_a_mail(&app, "nobody@example.org").await;
        for (n, stage) in [Stage::Recipient, Stage::Authentication].into_iter().enumerate() {
            queue_a_mail(&app, &format!("nora{n}@example.org")).await;
            let failure = Failure { stage, reply: None, detail: "not now".to_owned() };
            app.mailbox().fail_next(match stage {
                Stage::Recipient => SendError::Transient(failure),
                _ => SendError::Relay(failure),
            });
            app.run_jobs().await;
        }
        app.advance(TimeDelta::seconds(90));
        look(&app.app).await.unwrap();
        let mut figures = told(&app).await;
        // One was to wait for a minute, the other for a minute give or take a fifth.
        let oldest = figures.remove(4);
        let oldest = oldest.strip_prefix("s_due_oldest_seconds{kind=\"send_mail\"} ").unwrap();
        assert!((30.0..=42.0).contains(&oldest.parse::<f64>().unwrap()), "{oldest}");
        assert_eq!(figures, [
            "_tries_total{kind=\"send_mail\",outcome=\"failed\"} 1",
            "_tries_total{kind=\"send_mail\",outcome=\"given_up\"} 1",
            "_tries_total{kind=\"send_mail\",outcome=\"waited\"} 1",
            "s_due{kind=\"send_mail\"} 2",
            "s_dead{kind=\"send_mail\"} 1",
            "_kind_paused{kind=\"send_mail\"} 1",
        ]);

        app.run_jobs().await;
        look(&app.app).await.unwrap();
        assert_eq!(told(&app).await, [
            "_tries_total{kind=\"send_mail\",outcome=\"done\"} 2",
            "_tries_total{kind=\"send_mail\",outcome=\"failed\"} 1",
            "_tries_total{kind=\"send_mail\",outcome=\"given_up\"} 1",
            "_tries_total{kind=\"send_mail\",outcome=\"waited\"} 1",
            "s_due{kind=\"send_mail\"} 0",
            "s_due_oldest_seconds{kind=\"send_mail\"} 0",
            "s_dead{kind=\"send_mail\"} 1",
            "_kind_paused{kind=\"send_mail\"} 0",
        ]);
    }
}
