//! The public pages, as browsers without scripts and people with a keyboard, a screen reader or large letters meet them.

mod explaining;
mod listing;
mod reading;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tests::app::TestApp;
use tower::ServiceExt as _;

/// A page as it came.
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    /// With the escapes of slashes, quotes and ampersands read back; those of angle brackets stay.
    html: String,
}

impl Page {
    fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter();
        let values: Vec<_> = values.map(|value| value.to_str().unwrap()).collect();
        values.join(", ")
    }

    /// What is read, without the tags, blanks folded.
    fn text(&self) -> String {
        let mut text = String::new();
        for (number, part) in self.html.split('<').enumerate() {
            let read = if number == 0 {
                part
            } else {
                part.split_once('>').map_or("", |(_, read)| read)
            };
            text.push_str(read);
            text.push(' ');
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn assert_reads(&self, words: &str) {
        assert!(
            self.text().contains(words),
            "{words:?} is not in\n{}",
            self.text()
        );
    }

    fn assert_hides(&self, words: &str) {
        assert!(
            !self.html.contains(words),
            "{words:?} is in\n{}",
            self.text()
        );
    }
}

/// Gets a page with headers of a browser's.
async fn get_with(app: &TestApp, uri: &str, headers: &[(header::HeaderName, &str)]) -> Page {
    let mut request = Request::get(uri);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response = app
        .router()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let html = String::from_utf8(bytes.to_vec()).unwrap();
    let html = [
        ("&#x2f;", "/"),
        ("&#x27;", "'"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(html, |html, (escaped, character)| {
        html.replace(escaped, character)
    });
    Page {
        status: parts.status,
        headers: parts.headers,
        html,
    }
}

async fn get(app: &TestApp, uri: &str) -> Page {
    get_with(app, uri, &[]).await
}
