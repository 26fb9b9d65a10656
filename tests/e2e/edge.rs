//! The edge of the API: what is refused before it is executed, how transports answer, and that the
//! server lives on after the worst that is known.

mod admin;
mod arguments;
mod bombs;
mod client_address;
pub(crate) mod conformance;
mod cost;
mod cursors;
mod echo;
mod headers;
mod http;
mod idempotency;
mod metrics;
mod patience;
mod socket;
mod socket_session;
mod trusted;
mod workbench;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tests::app::TestApp;
use tests::database::Backend;
use tower::ServiceExt as _;

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// Posts a body as JSON.
async fn post(router: &Router, body: impl Into<Body>) -> Answer {
    let request = Request::post("/graphql").header("content-type", "application/json");
    send(router, request.body(body.into()).unwrap()).await
}

/// A development server. The edge asks the database only for tokens, so one database is enough.
async fn development() -> TestApp {
    TestApp::new(Backend::Sqlite).await
}

/// A server as the public meets it.
async fn production() -> TestApp {
    production_with(Backend::Sqlite, &[]).await
}

/// The same with some more settings.
async fn production_with(backend: Backend, settings: &[(&str, &str)]) -> TestApp {
    let needed = [
        ("ENVIRONMENT", "production"),
        ("BASE_URL", "https://marketplace.test"),
        ("MAIL_TRANSPORT", "smtps://mail.test"),
        ("MAIL_POSTAL_ADDRESS", "1 Elgin Street, Ottawa"),
        ("LINK_SECRET", "0123456789abcdef0123456789abcdef"),
        ("SEALING_SECRET", "fedcba9876543210fedcba9876543210"),
        ("STAFF_SECOND_FACTOR", "required"),
        ("ARGON2_MEMORY_KIB", "19456"),
        ("ARGON2_PASSES", "2"),
    ];
    TestApp::with_settings(backend, &[&needed[..], settings].concat()).await
}
