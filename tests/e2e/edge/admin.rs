//! The admin client's files.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tests::app::TestApp;
use tests::database::Backend;

use super::send;

#[tokio::test]
async fn the_admin_client_is_served_when_it_was_built_and_routes_itself() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "<title>admin</title>").unwrap();
    std::fs::write(folder.path().join("app.js"), "start()").unwrap();
    let path = folder.path().to_str().unwrap();
    let app = TestApp::with_settings(Backend::Sqlite, &[("ADMIN_DIR", path)]).await;
    for (uri, text) in [
        ("/admin", "<title>admin</title>"),
        ("/admin/app.js", "start()"),
        ("/admin/worklist/unassigned", "<title>admin</title>"),
    ] {
        let answer = send(
            &app.router(),
            Request::get(uri).body(Body::empty()).unwrap(),
        )
        .await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (StatusCode::OK, text),
            "{uri}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("default-src 'self'"),
            "{uri}"
        );
    }
}

#[tokio::test]
async fn without_a_built_client_there_is_no_admin_page() {
    let app = TestApp::new(Backend::Sqlite).await;
    let answer = send(
        &app.router(),
        Request::get("/admin").body(Body::empty()).unwrap(),
    )
    .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
