//! Logging in with an account of an identity provider: linking it with the password, going there and coming back, and everything
//! that is not let through.

mod access;
mod answers;
mod faults;
mod linking;
mod log_in;
mod logs;
mod settings;
mod tokens;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::browser::OWN;
use tests::provider::Provider;
use tower::ServiceExt;

const NORA: &str = "nora@example.org";
/// What the provider calls Nora.
const SUBJECT: &str = "SubjectOfNora";
const BEGIN: &str = "/sign-in/oidc";
const LINK: &str = "/sign-in/oidc/link";
const IDENTITIES: &str =
    "{ viewer { email identities { id issuer linkedAt } secondFactor { standing } } }";
const UNLINK: &str = "mutation($id: ID!, $password: String!) {
    unlinkIdentity(input: { identityId: $id, password: $password }) { userErrors { code message field } }
}";

/// Somebody's browser, with what it keeps, on its way to the provider and back.
#[derive(Clone)]
struct Traveller {
    router: Router,
    jar: BTreeMap<String, String>,
    language: &'static str,
    address: Option<SocketAddr>,
}

/// What a browser is shown.
struct Seen {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    fn refusal(&self) -> (u16, String) {
        let code = &self.json()["errors"][0]["extensions"]["code"];
        (self.status, code.as_str().unwrap_or_default().to_owned())
    }
}

impl Traveller {
    fn new(app: &TestApp) -> Self {
        Self {
            router: app.router(),
            jar: BTreeMap::new(),
            language: "en",
            address: None,
        }
    }

    fn in_french(self) -> Self {
        Self {
            language: "fr-CA",
            ..self
        }
    }

    fn at(self, address: &str) -> Self {
        Self {
            address: Some(address.parse().unwrap()),
            ..self
        }
    }

    /// Follows a link of a page of ours, or types the address.
    async fn go(&mut self, path: &str) -> Seen {
        self.send(Request::get(path), Body::empty(), false).await
    }

    /// Is sent back by the provider: what is for pages of ours alone stays away.
    async fn come_back(&mut self, path: &str) -> Seen {
        self.send(Request::get(path), Body::empty(), true).await
    }

    /// A page of ours sends JSON.
    async fn post(&mut self, path: &str, body: &Value) -> Seen {
        let request = Request::post(path)
            .header("origin", OWN)
            .header("x-marketplace-client", "admin")
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request, Body::from(body.to_string()), false)
            .await
    }

    async fn send(
        &mut self,
        request: axum::http::request::Builder,
        body: Body,
        is_from_elsewhere: bool,
    ) -> Seen {
        let jar = self.jar.iter();
        let sent = jar.filter(|(name, _)| !(is_from_elsewhere && *name == "__Host-session"));
        let cookies: Vec<String> = sent
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = request.header(header::ACCEPT_LANGUAGE, self.language);
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(address) = self.address {
            request = request.extension(ConnectInfo(address));
        }
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.starts_with("Max-Age=0;") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        Seen {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Begins to log in, and says where to.
    async fn begin(&mut self) -> String {
        let seen = self.go(BEGIN).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        seen.header("location").to_owned()
    }

    /// Begins, logs in at the provider as `subject`, and comes back.
    async fn travel(&mut self, app: &TestApp, provider: &Provider, subject: &str) -> Seen {
        let address = self.begin().await;
        let back = provider.log_in(app, &address, subject);
        self.come_back(&back).await
    }

    /// Logs in with the password.
    async fn log_in(&mut self, email: &str) {
        let body = json!({ "email": email, "password": PASSWORD });
        let seen = self.post("/session", &body).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
    }

    /// Begins to link, and says where to.
    async fn begin_link(&mut self) -> String {
        let seen = self.post(LINK, &json!({ "password": PASSWORD })).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        seen.json()["location"].as_str().unwrap().to_owned()
    }

    /// Links what the provider calls `subject`.
    async fn link(&mut self, app: &TestApp, provider: &Provider, subject: &str) -> Seen {
        let address = self.begin_link().await;
        let back = provider.log_in(app, &address, subject);
        self.come_back(&back).await
    }

    /// What a GraphQL document of a page of ours is answered with.
    async fn graphql(&mut self, document: &str) -> Seen {
        self.post("/graphql", &json!({ "query": document })).await
    }

    /// Whose session it is; null when it is nobody's.
    async fn viewer(&mut self) -> Value {
        self.graphql(IDENTITIES).await.json()["data"]["viewer"].clone()
    }
}

/// Nora, who has signed up and linked what the provider calls her, and her browser.
async fn linked(app: &TestApp, provider: &Provider) -> Traveller {
    app.sign_up("Nora", "en").await;
    let mut nora = Traveller::new(app);
    nora.log_in(NORA).await;
    let seen = nora.link(app, provider, SUBJECT).await;
    assert_eq!(seen.status, 303, "{}", seen.text);
    nora
}

/// The title of a page that says why nobody is logged in, and whether a session was opened or begun all the same.
fn assert_refused(seen: &Seen, status: u16, words: &str) {
    assert_eq!(seen.status, status, "{}", seen.text);
    assert!(
        seen.text.contains(words),
        "{words} is not in\n{}",
        seen.text
    );
    assert!(seen.headers.get(header::SET_COOKIE).is_none());
    assert_eq!(seen.header("cache-control"), "no-store");
}

const EXPIRED: &str =
    "was not begun in this browser, took longer than ten minutes, or was used already";
const NOT_GOOD: &str = "City login did not let you in, or its answer was not good";
const UNKNOWN: &str = "No account here is linked to the one at City login";
const UNAVAILABLE: &str = "The identity provider does not answer as it should";
