//! Throttles, with the numbers of production: per client and operation; a stranger cannot lock anybody out.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::database::Backend;
use tests::on_both_databases;
use tower::ServiceExt;

use super::{LOG_IN, REGISTER, REQUEST_RESET};

const STRANGER: &str = "203.0.113.7";
const SOMEBODY: &str = "2001:db8::1";

async fn production(backend: Backend) -> TestApp {
    let settings = [
        ("ENVIRONMENT", "production"),
        ("BASE_URL", "https://marketplace.test"),
        ("MAIL_TRANSPORT", "smtps://mailer:secret@mail.test"),
        ("LINK_SECRET", "a secret of thirty-two characters or more"),
        ("MAIL_POSTAL_ADDRESS", "1 Main Street, Ottawa ON K1A 0A1"),
        ("ARGON2_MEMORY_KIB", "19456"),
        ("ARGON2_PASSES", "2"),
    ];
    TestApp::with_settings(backend, &settings).await
}

/// Posts a document as a client at `address` and returns the body.
async fn post(app: &TestApp, address: &str, document: &str, variables: &Value) -> Value {
    let client: IpAddr = address.parse().unwrap();
    let body = json!({ "query": document, "variables": variables }).to_string();
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .extension(ConnectInfo(SocketAddr::from((client, 50_000))))
        .body(Body::from(body))
        .unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}

/// Tries until refused and says how many tries were let through. The refusal tells when to come back.
async fn tries(app: &TestApp, address: &str, document: &str, variables: &Value) -> usize {
    for count in 0..20 {
        let body = post(app, address, document, variables).await;
        let extensions = &body["errors"][0]["extensions"];
        if extensions["code"] == "RATE_LIMITED" {
            let seconds = extensions["retryAfterSeconds"].as_u64().unwrap();
            assert!((1..=3_600).contains(&seconds), "{seconds}");
            return count;
        }
        assert_eq!(body.get("errors"), None, "{body:#}");
    }
    panic!("never refused");
}

on_both_databases! {
    async fn a_client_may_try_to_log_in_three_times_a_minute_and_locks_nobody_out(backend) {
        let app = production(backend).await;
        app.sign_up("Nora", "en").await;
        let guess = json!({ "input": { "email": "nora@example.org", "password": "a guess" } });
        assert_eq!(tries(&app, STRANGER, LOG_IN, &guess).await, 3);
        let right = json!({ "input": { "email": "nora@example.org", "password": PASSWORD } });
        let body = post(&app, SOMEBODY, LOG_IN, &right).await;
        assert!(body["data"]["logIn"]["accessToken"].is_string(), "{body:#}");
    }

    async fn a_client_may_sign_up_three_times_an_hour_counting_only_what_could_succeed(backend) {
        let app = production(backend).await;
        let refused = json!({ "input": { "email": "no address", "password": PASSWORD, "givenName": "N" } });
        for _ in 0..5 {
            let body = post(&app, STRANGER, REGISTER, &refused).await;
            assert_eq!(body["data"]["registerAccount"]["userErrors"][0]["code"], "INVALID");
        }
        let accepted = json!({ "input": { "email": "n@example.org", "password": PASSWORD, "givenName": "N" } });
        assert_eq!(tries(&app, STRANGER, REGISTER, &accepted).await, 3);
        let body = post(&app, SOMEBODY, REGISTER, &accepted).await;
        assert_eq!(body["data"]["registerAccount"]["isMailSent"], true);
        app.run_jobs().await;
    }

    async fn a_client_may_ask_for_a_reset_three_times_an_hour_whatever_the_address(backend) {
        let app = production(backend).await;
        let unknown = json!({ "email": "nobody@example.org" });
        assert_eq!(tries(&app, STRANGER, REQUEST_RESET, &unknown).await, 3);
        assert_eq!(tries(&app, SOMEBODY, REQUEST_RESET, &unknown).await, 3);
    }
}
