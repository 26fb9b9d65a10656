//! Logging in with a passkey in a browser, whose session a cookie holds.

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::browser::{Browser, Page};
use tests::on_both_databases;
use tests::passkey::{Device, options};

use super::*;
use crate::sessions;

async fn show(browser: &Browser, sent: &Value) -> Page {
    let body = json!({ "credential": sent });
    browser
        .send(Method::POST, "/session/passkey", Some(body))
        .await
}

on_both_databases! {
    async fn a_browser_logs_in_and_holds_a_cookie(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let device = Device::default();
        let mut own = device.enroll(&nora, "phone").await;
        let mut browser = Browser::new(app.router());
        browser.log_in(NORA, PASSWORD).await;
        let before = browser.cookie.clone();

        let sent = device.get(&mut own, &log_in_options(&nora).await);
        let page = show(&browser, &sent).await;
        assert_eq!(page.status, StatusCode::OK, "{page:#?}");
        assert_eq!(page.body["account"]["email"], NORA);
        assert_eq!(page.body["secondFactor"], "PROVEN");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        let (held, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Max-Age=15552000; Path=/; Secure; HttpOnly; SameSite=Strict");
        let now = browser.holding(held);
        assert_eq!(now.graphql(PASSKEYS).await.body["data"]["viewer"]["passkeys"][0]["name"], "phone");
        let ended = browser.holding(&before.unwrap());
        assert_eq!(ended.graphql(PASSKEYS).await.refusal(), (401, "UNAUTHENTICATED"), "one browser, one session");
    }

    async fn a_passkey_that_is_added_in_a_browser_is_shown_where_it_gets_another_cookie(backend) {
        let app = TestApp::with_settings(backend, &[("STAFF_SECOND_FACTOR", "required")]).await;
        app.coordinator().await;
        let mut browser = Browser::new(app.router());
        browser.log_in("coordinator@example.org", PASSWORD).await;
        let begun = browser.graphql(&format!(
            "mutation {{ beginPasskeyEnrolment(input: {{ password: \"{PASSWORD}\" }}) {{ options userErrors {{ code }} }} }}"
        )).await;
        let device = Device::default();
        let (mut own, sent) = device.create(&options(&begun.body["data"]["beginPasskeyEnrolment"]));
        let added = browser.graphql(&format!(
            "mutation {{ enrollPasskey(input: {{ name: \"x\", credential: {} }}) {{ userErrors {{ code }} }} }}",
            json!(sent.to_string())
        )).await;
        assert_eq!(added.body["data"]["enrollPasskey"]["userErrors"], json!([]));
        let standing = |page: Page| page.body["data"]["viewer"]["secondFactor"]["standing"].clone();
        assert_eq!(standing(browser.graphql(STANDING).await), "TO_PROVE");
        let asked = device.get(&mut own, &log_in_options(&app.client()).await);
        assert_eq!(show(&browser, &asked).await.body["secondFactor"], "PROVEN");
    }

    async fn what_is_refused_opens_nothing(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        let device = Device::default();
        let mut own = device.enroll(&nora, "phone").await;
        let before = sessions(&app).await;
        let browser = Browser::new(app.router());
        let sent = device.get(&mut own, &log_in_options(&nora).await);
        for (browser, refusal) in [
            (browser.without("origin"), (403, "FORBIDDEN_ORIGIN")),
            (browser.with("origin", "https://evil.example"), (403, "FORBIDDEN_ORIGIN")),
            (browser.without("x-marketplace-client"), (403, "CLIENT_HEADER_REQUIRED")),
            (browser.with("authorization", "Bearer x"), (400, "TWO_CREDENTIALS")),
        ] {
            let page = show(&browser, &sent).await;
            assert_eq!(page.refusal(), refusal);
            assert!(page.headers.get(header::SET_COOKIE).is_none());
        }
        let more = json!({ "credential": sent, "more": 1 });
        let page = browser.send(Method::POST, "/session/passkey", Some(more)).await;
        assert_eq!(page.refusal(), (400, "BAD_REQUEST"));
        let mut wrong = sent.clone();
        wrong["response"]["signature"] = json!("AAAA");
        assert_eq!(show(&browser, &wrong).await.refusal(), (400, "WRONG_CREDENTIALS"));
        assert_eq!(show(&browser, &sent).await.refusal(), (400, "EXPIRED"), "it was tried");
        assert_eq!(sessions(&app).await, before);
    }
}
