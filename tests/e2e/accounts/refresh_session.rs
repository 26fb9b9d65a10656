//! Rotating refresh tokens: a stolen one ends the session, a lost answer does not.

use chrono::TimeDelta;
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::{REFRESH, Session};

async fn start(app: &TestApp) -> Session {
    app.sign_up("Nora", "en").await;
    Session::open(&app.client(), "nora@example.org", PASSWORD).await
}

async fn refusal(app: &TestApp, refresh: &str) -> String {
    app.client()
        .error_code(REFRESH, json!({ "token": refresh }))
        .await
}

on_both_databases! {
    async fn tokens_rotate(backend) {
        let app = TestApp::new(backend).await;
        let first = start(&app).await;
        app.advance(TimeDelta::minutes(10));
        assert!(!first.is_live(&app.client()).await, "the access token has expired");
        let second = Session::refreshed(&app.client(), &first.refresh).await;
        assert!(second.is_live(&app.client()).await);
        assert_ne!(first.refresh, second.refresh);
        let third = Session::refreshed(&app.client(), &second.refresh).await;
        assert!(third.is_live(&app.client()).await);
    }

    async fn a_second_use_after_the_successor_was_used_ends_the_session(backend) {
        let app = TestApp::new(backend).await;
        let stolen = start(&app).await;
        let second = Session::refreshed(&app.client(), &stolen.refresh).await;
        let third = Session::refreshed(&app.client(), &second.refresh).await;
        assert_eq!(refusal(&app, &stolen.refresh).await, "UNAUTHENTICATED");
        // Whoever was the thief: nobody goes on with this session.
        assert_eq!(refusal(&app, &third.refresh).await, "UNAUTHENTICATED");
        assert!(!third.is_live(&app.client()).await);
    }

    async fn a_lost_answer_can_be_asked_for_again(backend) {
        let app = TestApp::new(backend).await;
        let first = start(&app).await;
        let lost = Session::refreshed(&app.client(), &first.refresh).await;
        let again = Session::refreshed(&app.client(), &first.refresh).await;
        assert!(again.is_live(&app.client()).await);
        let next = Session::refreshed(&app.client(), &again.refresh).await;
        // The lost token was used up in its place: whoever shows it now has stolen it.
        assert_eq!(refusal(&app, &lost.refresh).await, "UNAUTHENTICATED");
        assert!(!next.is_live(&app.client()).await);
    }

    async fn a_session_that_is_not_used_ends(backend) {
        let app = TestApp::with_settings(backend, &[("SESSION_DAYS", "2")]).await;
        let session = start(&app).await;
        app.advance(TimeDelta::days(2) - TimeDelta::seconds(1));
        let session = Session::refreshed(&app.client(), &session.refresh).await;
        app.advance(TimeDelta::days(2) - TimeDelta::seconds(1));
        let session = Session::refreshed(&app.client(), &session.refresh).await;
        app.advance(TimeDelta::days(2));
        assert_eq!(refusal(&app, &session.refresh).await, "UNAUTHENTICATED");
    }

    async fn what_is_no_refresh_token_is_refused(backend) {
        let app = TestApp::new(backend).await;
        let session = start(&app).await;
        for forged in ["", "x", session.access.as_str(), &"A".repeat(43)] {
            assert_eq!(refusal(&app, forged).await, "UNAUTHENTICATED");
        }
        Session::refreshed(&app.client(), &session.refresh).await;
    }

    async fn of_two_refreshes_at_once_the_session_survives_with_one_chain(backend) {
        let app = TestApp::new(backend).await;
        let session = start(&app).await;
        let client = app.client();
        let variables = json!({ "token": session.refresh });
        let (one, other) = tokio::join!(
            client.graphql(REFRESH, variables.clone()),
            client.graphql(REFRESH, variables.clone()),
        );
        let opened: Vec<_> = [one, other]
            .into_iter()
            .filter(|answer| answer.body["data"].is_object())
            .map(|answer| Session::of(&answer.body["data"]["refreshSession"]))
            .collect();
        assert!(!opened.is_empty(), "one of them gets through");
        let last = opened.last().unwrap();
        assert!(last.is_live(&client).await);
    }
}
