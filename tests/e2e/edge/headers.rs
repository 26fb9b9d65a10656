//! The headers by which browsers protect people, on whatever is answered.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use tests::app::TestApp;
use tests::database::Backend;

use super::{Answer, development, production, production_with, send};

/// A request for each route and each way to be refused, and the status of its answer in development and in production.
const REQUESTS: [(Method, &str, [u16; 2]); 32] = [
    (Method::GET, "/", [307, 404]),
    (Method::GET, "/healthz", [200, 200]),
    (Method::HEAD, "/healthz", [200, 200]),
    (Method::GET, "/readyz", [200, 200]),
    (Method::GET, "/graphql?query=%7B__typename%7D", [200, 200]),
    (Method::GET, "/graphql", [400, 400]),
    (Method::POST, "/graphql", [415, 415]),
    (Method::DELETE, "/graphql", [405, 405]),
    (Method::OPTIONS, "/graphql", [405, 405]),
    (Method::GET, "/rounds/x/certificate.json", [401, 401]),
    (Method::POST, "/rounds/x/certificate.json", [405, 405]),
    (Method::GET, "/a/follow-up", [400, 400]),
    (Method::POST, "/a/follow-up", [422, 422]),
    (Method::GET, "/a/offer", [400, 400]),
    (Method::POST, "/a/offer", [422, 422]),
    (Method::GET, "/a/unsubscribe", [400, 400]),
    (Method::GET, "/a/verify", [400, 400]),
    (Method::GET, "/a/address", [400, 400]),
    (Method::GET, "/a/reset", [200, 200]),
    (Method::GET, "/a/style.css", [200, 200]),
    (Method::GET, "/privacy", [200, 200]),
    (Method::GET, "/how-matching-works", [200, 200]),
    (Method::GET, "/organizations/none", [404, 404]),
    (Method::GET, "/projects/none", [404, 404]),
    (Method::GET, "/workbench", [200, 404]),
    (Method::GET, "/workbench/script.js", [200, 404]),
    (Method::GET, "/workbench/style.css", [200, 404]),
    (Method::GET, "/workbench/schema.graphql", [200, 404]),
    (Method::GET, "/admin", [200, 200]),
    (Method::GET, "/admin/app.js", [200, 200]),
    (Method::GET, "/metrics", [404, 404]),
    (Method::GET, "/nothing/of/the/kind", [404, 404]),
];

async fn ask(router: &Router, method: &Method, uri: &str) -> Answer {
    let request = Request::builder().method(method).uri(uri);
    send(router, request.body(Body::empty()).unwrap()).await
}

/// What the routes answer, and what each answer has in common with every other.
async fn assert_protected(app: &TestApp, place: usize) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (method, uri, statuses) in REQUESTS {
        let answer = ask(&app.router(), &method, uri).await;
        assert_eq!(answer.status.as_u16(), statuses[place], "{method} {uri}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{method} {uri}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"));
        let policies = answer.headers.get_all("content-security-policy");
        assert_eq!(policies.iter().count(), 1, "{method} {uri}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src '"), "{method} {uri}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{method} {uri}: {policy}"
        );
        for lax in ["unsafe", "*", "http:", "https:", "data:"] {
            assert!(!policy.contains(lax), "{method} {uri}: {policy}");
        }
        answers.push(answer);
    }
    answers
}

fn admin_client() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "<title>admin</title>").unwrap();
    std::fs::write(folder.path().join("app.js"), "start()").unwrap();
    folder
}

#[tokio::test]
async fn every_answer_protects_who_meets_it_in_development() {
    let folder = admin_client();
    let settings = [("ADMIN_DIR", folder.path().to_str().unwrap())];
    let app = TestApp::with_settings(Backend::Sqlite, &settings).await;
    for answer in assert_protected(&app, 0).await {
        assert_eq!(answer.header("strict-transport-security"), "");
    }
}

#[tokio::test]
async fn every_answer_asks_for_https_in_production() {
    let folder = admin_client();
    let app = production_with(
        Backend::Sqlite,
        &[("ADMIN_DIR", folder.path().to_str().unwrap())],
    )
    .await;
    for answer in assert_protected(&app, 1).await {
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=31536000"
        );
    }
}

#[tokio::test]
async fn what_is_no_page_may_load_nothing_and_pages_their_own_files_only() {
    let folder = admin_client();
    let settings = [("ADMIN_DIR", folder.path().to_str().unwrap())];
    let app = TestApp::with_settings(Backend::Sqlite, &settings).await;
    for (uri, expected) in [
        (
            "/graphql?query=%7B__typename%7D",
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (
            "/a/offer",
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (
            "/admin",
            "default-src 'self'; object-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ] {
        let answer = ask(&app.router(), &Method::GET, uri).await;
        assert_eq!(answer.header("content-security-policy"), expected, "{uri}");
    }
}

#[tokio::test]
async fn an_answer_to_an_allowed_page_of_another_site_can_be_read_there() {
    let origin = "https://client.example";
    let settings = [("ALLOWED_ORIGINS", origin)];
    let app = TestApp::with_settings(Backend::Sqlite, &settings).await;
    let request = Request::get("/graphql?query=%7B__typename%7D").header("origin", origin);
    let answer = send(&app.router(), request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("access-control-allow-origin"), origin);
}

#[tokio::test]
async fn a_server_that_fails_protects_too() {
    for app in [development().await, production().await] {
        app.stop.cancel();
        let answer = ask(&app.router(), &Method::GET, "/readyz").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}
