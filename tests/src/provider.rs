//! An identity provider on this machine, as a test has it: it says what it is, logs people in who are named to it, gives tokens for
//! codes and verifiers that belong together, and misbehaves where it is told to.

mod key;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use self::key::Key;
pub use self::key::KeyKind;
use crate::app::TestApp;
use crate::database::Backend;

/// What the provider calls the marketplace.
pub const CLIENT_ID: &str = "the marketplace";
/// What the marketplace shows it.
pub const CLIENT_SECRET: &str = "a secret: of the client";
const CALLBACK: &str = "http://marketplace.test/sign-in/oidc/callback";

/// Where its document is.
pub const DOCUMENT: &str = "/.well-known/openid-configuration";
/// Where its keys are.
pub const KEYS: &str = "/keys";
/// Where codes become tokens.
pub const TOKEN: &str = "/token";

/// What happens at an address in the place of an answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The right answer under another status.
    Status(u16),
    /// No answer, ever.
    Silence,
    /// The right answer after more blanks than anybody reads.
    Flood,
    /// Somewhere else.
    Elsewhere(String),
    /// This body.
    Body(String),
}

/// How the token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// By the newest key.
    Right,
    /// By nobody.
    Unsigned,
    /// By what everybody knows of the newest key.
    ByPublicKey,
    /// By a key that is nowhere to be read, under the newest one's name.
    ByStranger,
}

/// Somebody who has logged in there, and the code that stands for it.
struct LoggedIn {
    claims: Value,
    challenge: String,
}

struct Inner {
    issuer: String,
    keys: Vec<(String, Key)>,
    document: Value,
    codes: BTreeMap<String, LoggedIn>,
    changes: Value,
    signing: Signing,
    faults: BTreeMap<String, Fault>,
    requests: Vec<String>,
    forms: Vec<BTreeMap<String, String>>,
}

/// A provider.
#[derive(Clone)]
pub struct Provider {
    inner: Arc<Mutex<Inner>>,
    _server: Arc<AbortOnDropHandle<()>>,
}

impl Provider {
    /// One that behaves, with a key of one kind.
    pub async fn start(kind: KeyKind) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize?tenant=1"),
            "token_endpoint": format!("{issuer}{TOKEN}"),
            "jwks_uri": format!("{issuer}{KEYS}"),
            "authorization_response_iss_parameter_supported": true,
            "response_types_supported": ["code"],
        });
        let inner = Arc::new(Mutex::new(Inner {
            issuer,
            keys: vec![("key 1".to_owned(), Key::new(kind))],
            document,
            codes: BTreeMap::new(),
            changes: json!({}),
            signing: Signing::Right,
            faults: BTreeMap::new(),
            requests: Vec::new(),
            forms: Vec::new(),
        }));
        let router = Router::new().fallback(answer).with_state(inner.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            inner,
            _server: Arc::new(AbortOnDropHandle::new(server)),
        }
    }

    /// What it calls itself.
    pub fn issuer(&self) -> String {
        self.inner.lock().unwrap().issuer.clone()
    }

    /// A marketplace with it, and other settings.
    pub async fn marketplace(&self, backend: Backend, settings: &[(&str, &str)]) -> TestApp {
        let issuer = self.issuer();
        let own = [
            ("OIDC_ISSUER", issuer.as_str()),
            ("OIDC_CLIENT_ID", CLIENT_ID),
            ("OIDC_CLIENT_SECRET", CLIENT_SECRET),
            ("OIDC_NAME", "City login | Compte de la Ville"),
        ];
        let all: Vec<_> = own.into_iter().chain(settings.iter().copied()).collect();
        TestApp::with_settings(backend, &all).await
    }

    /// Puts other values into tokens and takes out those that are null.
    pub fn say(&self, changes: Value) {
        self.inner.lock().unwrap().changes = changes;
    }

    /// Signs otherwise.
    pub fn sign(&self, signing: Signing) {
        self.inner.lock().unwrap().signing = signing;
    }

    /// Puts another value into the document.
    pub fn describe(&self, name: &str, value: Value) {
        self.inner.lock().unwrap().document[name] = value;
    }

    /// Answers otherwise at a path, or as it should again.
    pub fn fail(&self, path: &str, fault: Option<Fault>) {
        let faults = &mut self.inner.lock().unwrap().faults;
        match fault {
            Some(fault) => faults.insert(path.to_owned(), fault),
            None => faults.remove(path),
        };
    }

    /// Takes a new key, and forgets the ones before.
    pub fn rotate(&self) {
        let mut inner = self.inner.lock().unwrap();
        let name = format!("key {}", inner.requests.len() + 2);
        inner.keys = vec![(name, Key::new(KeyKind::Ec))];
    }

    /// How often it was asked at a path.
    pub fn asked(&self, path: &str) -> usize {
        let inner = self.inner.lock().unwrap();
        inner.requests.iter().filter(|it| *it == path).count()
    }

    /// The last form that came to the token endpoint.
    pub fn last_form(&self) -> BTreeMap<String, String> {
        self.inner.lock().unwrap().forms.last().unwrap().clone()
    }

    /// The codes that were given and not traded.
    pub fn codes(&self) -> Vec<String> {
        let inner = self.inner.lock().unwrap();
        inner.codes.keys().cloned().collect()
    }

    /// Somebody follows an address of the marketplace's to the provider and logs in there. Returns the path to come back by.
    pub fn log_in(&self, app: &TestApp, address: &str, subject: &str) -> String {
        let uri: Uri = address.parse().unwrap();
        let mut inner = self.inner.lock().unwrap();
        let asked = pairs(uri.query().unwrap());
        assert_eq!(
            (uri.path(), asked["tenant"].as_str()),
            ("/authorize", "1"),
            "{address}"
        );
        assert!(address.starts_with(&inner.issuer), "{address}");
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(asked[name], value, "{name}");
        }
        let now = app.app.clock.now().timestamp();
        let claims = json!({
            "iss": inner.issuer, "sub": subject, "aud": CLIENT_ID, "exp": now + 300, "iat": now, "nonce": asked["nonce"],
        });
        let code = format!("Code{}-{subject}", inner.codes.len() + inner.forms.len());
        let challenge = asked["code_challenge"].clone();
        inner
            .codes
            .insert(code.clone(), LoggedIn { claims, challenge });
        let issuer = encode(&inner.issuer);
        format!(
            "/sign-in/oidc/callback?code={}&state={}&iss={issuer}",
            encode(&code),
            asked["state"]
        )
    }
}

impl Inner {
    fn token(&self, claims: &Value) -> String {
        let (id, key) = self.keys.last().unwrap();
        let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let algorithm = match self.signing {
            Signing::Right | Signing::ByStranger => key.kind().1,
            Signing::Unsigned => "none",
            Signing::ByPublicKey => "HS256",
        };
        let header = json!({ "typ": "JWT", "alg": algorithm, "kid": id });
        let signed = format!("{}.{}", text(&header), text(claims));
        let signature = match self.signing {
            Signing::Right => key.sign(signed.as_bytes()),
            Signing::Unsigned => Vec::new(),
            Signing::ByStranger => Key::new(key.kind().0).sign(signed.as_bytes()),
            Signing::ByPublicKey => {
                let public = key.jwk(id).to_string();
                let public = hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes());
                hmac::sign(&public, signed.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The token for a code that whoever asked for it trades, once.
    fn trade(&mut self, headers: &HeaderMap, body: &[u8]) -> Response {
        let form = pairs(std::str::from_utf8(body).unwrap());
        self.forms.push(form.clone());
        let both = format!("{}:{}", encode(CLIENT_ID), encode(CLIENT_SECRET));
        let expected = format!("Basic {}", STANDARD.encode(both.replace("%20", "+")));
        if headers[header::AUTHORIZATION] != expected.as_str() {
            return (StatusCode::UNAUTHORIZED, "{\"error\":\"invalid_client\"}").into_response();
        }
        let verifier =
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, form["code_verifier"].as_bytes());
        let logged_in = self.codes.remove(&form["code"]).filter(|it| {
            it.challenge == URL_SAFE_NO_PAD.encode(verifier)
                && form["redirect_uri"] == CALLBACK
                && form["grant_type"] == "authorization_code"
        });
        let Some(LoggedIn { mut claims, .. }) = logged_in else {
            return (StatusCode::BAD_REQUEST, "{\"error\":\"invalid_grant\"}").into_response();
        };
        for (name, value) in self.changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let token = self.token(&claims);
        json_of(
            &json!({ "access_token": "AccessTokenOfTheProvider", "token_type": "Bearer", "id_token": token }),
        )
    }
}

async fn answer(
    State(inner): State<Arc<Mutex<Inner>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = {
        let mut inner = inner.lock().unwrap();
        inner.requests.push(uri.path().to_owned());
        inner.faults.get(uri.path()).cloned()
    };
    match fault {
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::Elsewhere(address)) => Redirect::temporary(&address).into_response(),
        Some(Fault::Body(body)) => body.into_response(),
        Some(Fault::Status(status)) => {
            let right = right_answer(&inner, &uri, &headers, &body);
            (StatusCode::from_u16(status).unwrap(), right).into_response()
        }
        Some(Fault::Flood) => {
            let right = right_answer(&inner, &uri, &headers, &body).into_body();
            let right = right.collect().await.unwrap().to_bytes();
            let blanks = Bytes::from(" ".repeat(64 * 1024));
            Body::from([blanks, right].concat()).into_response()
        }
        None => right_answer(&inner, &uri, &headers, &body),
    }
}

fn right_answer(inner: &Mutex<Inner>, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Response {
    let mut inner = inner.lock().unwrap();
    match uri.path() {
        DOCUMENT => json_of(&inner.document),
        KEYS => {
            let keys = inner.keys.iter().map(|(id, key)| key.jwk(id));
            json_of(&json!({ "keys": keys.collect::<Vec<_>>() }))
        }
        TOKEN => inner.trade(headers, body),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn json_of(value: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, value.to_string()).into_response()
}

/// The pairs of a query or form; none may be there twice.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        let before = pairs.insert(decode(name), decode(value));
        assert_eq!(before, None, "{name} is there twice");
    }
    pairs
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
    }
    encoded
}
