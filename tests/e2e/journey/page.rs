//! The pages behind mail links, as a browser without script uses them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tests::app::TestApp;
use tower::ServiceExt as _;

/// Opens a link.
pub(super) async fn get(app: &TestApp, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

/// Presses a button of the page's form and follows to the page that it leads to.
pub(super) async fn post(app: &TestApp, path: &str, token: &str, action: &str) -> String {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("token={token}&action={action}")))
        .unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let next = response.headers()[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned();
    get(app, &next).await
}
