//! Who may do it, and how often.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use chrono::TimeDelta;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::on_both_databases;
use tests::passkey::Device;
use tower::ServiceExt;

use super::*;

/// Posts a document as a client at an address, and returns the code of the first error.
async fn post(app: &TestApp, document: &str, variables: Value) -> String {
    let address: SocketAddr = "203.0.113.7:50000".parse().unwrap();
    let body = json!({ "query": document, "variables": variables }).to_string();
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .extension(ConnectInfo(address))
        .body(Body::from(body))
        .unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    let code = &body["errors"][0]["extensions"]["code"];
    code.as_str().unwrap_or_default().to_owned()
}

on_both_databases! {
    async fn nobody_who_is_not_logged_in_adds_or_takes_away(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        Device::default().enroll(&nora, "phone").await;
        let id = passkeys(&nora).await[0]["id"].clone();
        let stranger = app.client();
        for (document, variables) in [
            (BEGIN, password()),
            (ENROLL, json!({ "name": "x", "credential": "{}" })),
            (REMOVE, json!({ "id": id, "password": PASSWORD })),
        ] {
            assert_eq!(stranger.error_code(document, variables).await, "UNAUTHENTICATED", "{document}");
        }
        let wrong_kind = json!({ "id": "session_01", "password": PASSWORD });
        assert_eq!(nora.user_errors(REMOVE, wrong_kind).await, ["INVALID passkeyId"]);
    }

    async fn nobody_sees_the_passkeys_of_others(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        Device::default().enroll(&nora, "phone").await;
        let id = nora.query("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
        let document = "query($id: ID!) { node(id: $id) { ... on Account { isEmailVerified passkeys { name } } } }";
        for staff in [app.coordinator().await, app.admin().await] {
            let found = staff.query(document, json!({ "id": id })).await;
            assert_eq!(found["node"], json!({ "isEmailVerified": true, "passkeys": null }));
        }
        let found = nora.query(document, json!({ "id": id })).await;
        assert_eq!(found["node"]["passkeys"], json!([{ "name": "phone" }]));
    }

    async fn tries_are_counted_as_those_with_a_password(backend) {
        // Ten times as much as in production.
        let app = TestApp::new(backend).await;
        for count in 1..=300 {
            assert_eq!(post(&app, BEGIN_LOG_IN, json!({})).await, "", "{count}");
        }
        assert_eq!(post(&app, BEGIN_LOG_IN, json!({})).await, "RATE_LIMITED");
        for count in 1..=30 {
            assert_eq!(post(&app, LOG_IN, json!({ "credential": "{}" })).await, "", "{count}");
        }
        assert_eq!(post(&app, LOG_IN, json!({ "credential": "{}" })).await, "RATE_LIMITED");
        app.advance(TimeDelta::minutes(1));
        for document in [BEGIN_LOG_IN, LOG_IN] {
            assert_eq!(post(&app, document, json!({ "credential": "{}" })).await, "", "{document}");
        }
    }

    async fn guesses_of_the_password_are_counted_by_session(backend) {
        let app = TestApp::new(backend).await;
        let nora = app.sign_up("Nora", "en").await;
        for count in 1..=50 {
            let wrong = nora.user_errors(BEGIN, json!({ "password": "a guess" })).await;
            assert_eq!(wrong, ["WRONG_CREDENTIALS password"], "{count}");
        }
        assert_eq!(nora.error_code(BEGIN, password()).await, "RATE_LIMITED");
    }
}
