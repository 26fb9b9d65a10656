//! The pages behind mail links, as a browser without script uses them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tests::app::TestApp;
use tower::ServiceExt as _;

/// Opens a link.
pub(super) async fn get(app: &TestApp, path: &str) -> String {
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Presses a button of the page's form.
pub(super) async fn post(app: &TestApp, path: &str, token: &str, action: &str) -> String {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={token}&action={action}")))
        .unwrap();
    send(app, request).await
}

async fn send(app: &TestApp, request: Request<Body>) -> String {
    let response = app.router().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}
