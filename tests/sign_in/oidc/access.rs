//! How often, and by whom.

use chrono::TimeDelta;
use entity::pending_log_in;
use sea_orm::{EntityTrait, PaginatorTrait};
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
        app.advance(TimeDelta::minutes(1));
        for _ in 1..=30 {
            assert_refused(&browser.travel(&app, &provider, SUBJECT).await, 400, UNKNOWN);
        }
        assert_refused(&browser.travel(&app, &provider, SUBJECT).await, 429, "");
        app.advance(TimeDelta::minutes(1));
        assert_refused(&browser.travel(&app, &provider, SUBJECT).await, 400, UNKNOWN);
    }

    async fn no_other_page_uses_up_the_tries_of_those_who_log_in(backend) {
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        app.sign_up("Nora", "en").await;
        let mut browser = Traveller::new(&app).at("203.0.113.7:50000");
        // What an image of a foreign page asks for: nothing was begun in this browser.
        let back = "/sign-in/oidc/callback?code=x&state=y";
        for _ in 1..=40 {
            assert_refused(&browser.come_back(back).await, 400, EXPIRED);
        }
        browser.log_in(NORA).await;
        for path in [BEGIN, back] {
            for (meant, is_answered) in [("image", false), ("iframe", false), ("empty", false), ("document", true)] {
                let asked = Request::get(path).header("sec-fetch-dest", meant);
                let seen = browser.send(asked, Body::empty(), true).await;
                assert_eq!(seen.status != 403, is_answered, "{path} as {meant}");
            }
        }
        let connection = &app.app.store.connection;
        assert_eq!(pending_log_in::Entity::find().count(connection).await.unwrap(), 1, "begun as a page alone");
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
