//! How often, and by whom.

use chrono::TimeDelta;
use serde_json::json;
use tests::app::PASSWORD;
use tests::on_both_databases;
use tests::provider::{KeyKind, Provider};

use super::*;

on_both_databases! {
    async fn tries_are_counted_as_those_with_a_password(backend) {
        // Ten times as much as in production.
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut browser = Traveller::new(&app).at("203.0.113.7:50000");
        for count in 1..=300 {
            assert_eq!(browser.go(BEGIN).await.status, 303, "{count}");
        }
        let seen = browser.go(BEGIN).await;
        assert_refused(&seen, 429, "");
        assert_ne!(seen.header("retry-after"), "");
        let back = "/sign-in/oidc/callback?code=x&state=y";
        for count in 1..=30 {
            assert_eq!(browser.come_back(back).await.status, 400, "{count}");
        }
        assert_refused(&browser.come_back(back).await, 429, "");
        app.advance(TimeDelta::minutes(1));
        assert_eq!(browser.come_back(back).await.status, 400);
        assert_eq!(browser.go(BEGIN).await.status, 303);
    }

    async fn guesses_of_the_password_are_counted_by_session(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app);
        browser.log_in(NORA).await;
        for count in 1..=50 {
            let seen = browser.post(LINK, &json!({ "password": "a guess" })).await;
            assert_eq!(seen.refusal(), (400, "WRONG_CREDENTIALS".to_owned()), "{count}");
        }
        let seen = browser.post(LINK, &json!({ "password": PASSWORD })).await;
        assert_eq!(seen.refusal(), (429, "RATE_LIMITED".to_owned()));
    }

    async fn nobody_who_is_not_logged_in_unlinks(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut nora = linked(&app, &provider).await;
        let id = nora.viewer().await["identities"][0]["id"].clone();
        let unlink = json!({ "id": id, "password": PASSWORD });
        assert_eq!(app.client().error_code(UNLINK, unlink).await, "UNAUTHENTICATED");
        let wrong_kind = json!({ "id": "session_01", "password": PASSWORD });
        let client = app.log_in(NORA).await;
        assert_eq!(client.user_errors(UNLINK, wrong_kind).await, ["INVALID identityId"]);
    }
}
