//! A browser with a page of some origin, as far as the server notices.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// The origin of the pages that the server itself serves in tests.
pub const OWN: &str = "http://marketplace.test";

/// A browser that holds a cookie or none, and the headers that its page's requests have.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// `__Host-session=…`, as it is sent.
    pub cookie: Option<String>,
    headers: Vec<(&'static str, String)>,
}

/// An answer, its body as JSON where it is.
#[derive(Debug)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is not.
    pub body: Value,
}

impl Page {
    /// The status and the code of the first error.
    pub fn refusal(&self) -> (u16, &str) {
        let code = &self.body["errors"][0]["extensions"]["code"];
        (self.status.as_u16(), code.as_str().unwrap_or_default())
    }
}

impl Browser {
    /// One that shows a page of ours and holds no cookie.
    pub fn new(router: Router) -> Self {
        let headers = vec![
            ("origin", OWN.to_owned()),
            ("x-marketplace-client", "admin".to_owned()),
        ];
        Self {
            router,
            cookie: None,
            headers,
        }
    }

    /// The same browser without one of the headers.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(header, _)| *header != name);
        other
    }

    /// The same browser with another value of a header.
    #[must_use]
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.without(name);
        other.headers.push((name, value.to_owned()));
        other
    }

    /// The same browser with another cookie, `name=value`.
    #[must_use]
    pub fn holding(&self, cookie: &str) -> Self {
        Self {
            cookie: Some(cookie.to_owned()),
            ..self.clone()
        }
    }

    /// Sends a request with the cookie and the headers; `body` as JSON.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("theme=dark; {cookie}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Page {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    /// Tries to log in, and keeps the cookie that comes back.
    pub async fn log_in(&mut self, email: &str, password: &str) -> Page {
        let body = json!({ "email": email, "password": password });
        let page = self.send(Method::POST, "/session", Some(body)).await;
        self.keep(&page);
        page
    }

    /// Shows a code of the second factor, and keeps the cookie that comes back.
    pub async fn show_code(&mut self, code: &str) -> Page {
        let body = json!({ "code": code });
        let page = self.send(Method::POST, "/session/factor", Some(body)).await;
        self.keep(&page);
        page
    }

    fn keep(&mut self, page: &Page) {
        if let Some(cookie) = page.headers.get(header::SET_COOKIE) {
            let (cookie, _) = cookie.to_str().unwrap().split_once(';').unwrap();
            self.cookie = Some(cookie.to_owned());
        }
    }

    /// Posts a GraphQL document.
    pub async fn graphql(&self, document: &str) -> Page {
        let body = json!({ "query": document });
        self.send(Method::POST, "/graphql", Some(body)).await
    }
}
