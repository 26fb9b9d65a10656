//! The pages behind mail links, as a browser without scripts asks for them.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use tests::app::TestApp;
use tower::ServiceExt;

/// What the page of an address answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// Gets a page.
pub(crate) async fn get(app: &TestApp, uri: &str) -> Answer {
    send(app, Method::GET, uri, "").await
}

/// Sends a page's form.
pub(crate) async fn post(app: &TestApp, uri: &str, form: &str) -> Answer {
    send(app, Method::POST, uri, form).await
}

/// Answers an offer by the link of a mail, as the page's form does.
pub(crate) async fn answer(app: &TestApp, link: &str, form: &str) -> Answer {
    let token = link.split_once("token=").unwrap().1;
    let token = token.split('#').next().unwrap();
    post(app, "/a/offer", &format!("token={token}&{form}")).await
}

pub(crate) async fn send(app: &TestApp, method: Method, uri: &str, form: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(uri.split('#').next().unwrap())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}
