//! Confirming an address: once, by the newest link, within a day.

use chrono::TimeDelta;
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;

use super::{REGISTER, REQUEST_RESET, RESET, Session, VERIFY};

const REQUEST_VERIFICATION: &str = "mutation { requestVerification { userErrors { code } } }";

async fn register(app: &TestApp) -> String {
    let input = json!({ "input": {
        "email": "nora@example.org", "password": PASSWORD, "givenName": "Nora", "preferredLanguage": "EN",
    } });
    app.client().mutate(REGISTER, input).await;
    newest_token(app).await
}

async fn newest_token(app: &TestApp) -> String {
    app.run_jobs().await;
    app.mail_to("nora@example.org").pop().unwrap().token()
}

on_both_databases! {
    async fn a_link_confirms_once(backend) {
        let app = TestApp::new(backend).await;
        let token = json!({ "token": register(&app).await });
        let payload = app.client().mutate(VERIFY, token.clone()).await;
        assert_eq!(payload["account"]["isEmailVerified"], true);
        assert_eq!(app.client().user_errors(VERIFY, token).await, ["EXPIRED token"]);
    }

    async fn a_link_holds_for_a_day_and_no_longer(backend) {
        let app = TestApp::new(backend).await;
        let token = json!({ "token": register(&app).await });
        app.advance(TimeDelta::hours(24));
        assert_eq!(app.client().user_errors(VERIFY, token).await, ["EXPIRED token"]);

        let session = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        let nora = app.client().with_token(&session.access);
        nora.mutate(REQUEST_VERIFICATION, json!({})).await;
        let token = json!({ "token": newest_token(&app).await });
        app.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
        app.client().mutate(VERIFY, token).await;
    }

    async fn a_new_link_ends_the_one_before(backend) {
        let app = TestApp::new(backend).await;
        let first = register(&app).await;
        let session = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        let nora = app.client().with_token(&session.access);
        nora.mutate(REQUEST_VERIFICATION, json!({})).await;
        let second = newest_token(&app).await;
        assert_ne!(first, second);
        assert_eq!(app.client().user_errors(VERIFY, json!({ "token": first })).await, ["EXPIRED token"]);
        app.client().mutate(VERIFY, json!({ "token": second })).await;
    }

    async fn the_link_comes_again_only_for_a_logged_in_unconfirmed_account_and_once_an_hour(backend) {
        let app = TestApp::new(backend).await;
        assert_eq!(app.client().error_code(REQUEST_VERIFICATION, json!({})).await, "UNAUTHENTICATED");

        register(&app).await;
        let session = Session::open(&app.client(), "nora@example.org", PASSWORD).await;
        let nora = app.client().with_token(&session.access);
        nora.mutate(REQUEST_VERIFICATION, json!({})).await;
        assert_eq!(nora.error_code(REQUEST_VERIFICATION, json!({})).await, "RATE_LIMITED");
        app.run_jobs().await;
        assert_eq!(app.mail_to("nora@example.org").len(), 2);

        let omar = app.sign_up("Omar", "en").await;
        let before = app.mails().len();
        omar.mutate(REQUEST_VERIFICATION, json!({})).await;
        app.run_jobs().await;
        assert_eq!(app.mails().len(), before, "a confirmed address needs no link");
    }

    async fn a_token_is_good_for_its_own_purpose_only(backend) {
        let app = TestApp::new(backend).await;
        let verification = register(&app).await;
        let other_purpose = json!({ "input": { "token": verification, "newPassword": "another good password" } });
        assert_eq!(app.client().user_errors(RESET, other_purpose).await, ["EXPIRED token"]);

        app.client().mutate(REQUEST_RESET, json!({ "email": "nora@example.org" })).await;
        let reset = newest_token(&app).await;
        for forged in [reset.as_str(), "", "no-such-token", "'; DROP TABLE account; --"] {
            assert_eq!(app.client().user_errors(VERIFY, json!({ "token": forged })).await, ["EXPIRED token"]);
        }
        app.client().mutate(VERIFY, json!({ "token": verification })).await;
    }
}
