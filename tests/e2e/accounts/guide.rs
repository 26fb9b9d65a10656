//! The guide to accounts: each of its documents and requests is answered, one after the other, with what the answers before
//! said.

use std::fs;
use std::path::Path;

use api::demo::{self, PASSWORD};
use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::authenticator::Authenticator;
use tests::browser::{Browser, OWN, Page};
use tests::client::Client;
use tests::on_both_databases;

const EMAIL: &str = "coordinator@example.org";

/// What whoever follows the guide knows so far.
struct Reader<'a> {
    app: &'a TestApp,
    client: Client,
    cookie: Option<String>,
    refresh_token: Value,
    authenticator: Option<Authenticator>,
}

impl Reader<'_> {
    /// The next code of the app, when there is one.
    fn code(&self) -> String {
        self.app.advance(TimeDelta::seconds(30));
        let own = self.authenticator.as_ref();
        own.map_or_else(String::new, |own| own.code(self.app))
    }

    async fn post(&mut self, document: &str) {
        let variables = json!({
            "email": EMAIL, "password": PASSWORD, "refreshToken": self.refresh_token, "code": self.code(),
            "newEmail": "camille@example.com",
        });
        let declared: Value = variables
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| document.contains(&format!("${name}: String!")))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let data = self.client.query(document, declared).await;
        for answered in data.as_object().unwrap().values() {
            let errors = answered["userErrors"].as_array();
            assert!(errors.is_none_or(Vec::is_empty), "{document}\n{answered:#}");
            if let Some(token) = answered["accessToken"].as_str() {
                self.client = self.client.with_token(token);
                self.refresh_token = answered["refreshToken"].clone();
            }
            if let Some(secret) = answered["secret"].as_str() {
                self.authenticator = Some(Authenticator::new(secret));
            }
        }
    }

    async fn send(&mut self, request: &str) -> Page {
        let (head, body) = request.split_once("\n\n").unwrap_or((request.trim(), ""));
        let mut lines = head.lines();
        let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
        let mut browser = Browser::new(self.app.router())
            .without("origin")
            .without("x-marketplace-client");
        browser.cookie.clone_from(&self.cookie);
        for line in lines {
            browser = match line.split_once(": ").unwrap() {
                ("Origin", "http://localhost:8080") => browser.with("origin", OWN),
                ("X-Marketplace-Client", name) => browser.with("x-marketplace-client", name),
                ("Content-Type", "application/json") => browser,
                other => panic!("{other:?}"),
            };
        }
        let body = body.replace("123456", &self.code());
        let body = (!body.is_empty()).then(|| serde_json::from_str(&body).unwrap());
        let method: Method = method.parse().unwrap();
        let page = browser.send(method, path, body).await;
        if let Some(cookie) = page.headers.get(header::SET_COOKIE) {
            let (cookie, _) = cookie.to_str().unwrap().split_once(';').unwrap();
            self.cookie = Some(cookie.to_owned());
        }
        page
    }
}

on_both_databases! {
    async fn each_document_and_request_is_answered(backend) {
        let app = TestApp::new(backend).await;
        demo::fill(&app.app).await.unwrap();
        let mut reader = Reader {
            app: &app,
            client: app.client(),
            cookie: None,
            refresh_token: Value::Null,
            authenticator: None,
        };
        let mut requests = Vec::new();
        let steps = steps(&read("docs/accounts-api.md"));
        assert_eq!(steps.len(), 19);
        for (kind, text) in steps {
            if kind == "graphql" {
                reader.post(&text).await;
            } else {
                let page = reader.send(&text).await;
                requests.push((page.status, page.body["secondFactor"].clone(), page.body));
            }
        }
        let answered: Vec<_> = requests.iter().map(|(status, standing, _)| (*status, standing.as_str().unwrap_or_default())).collect();
        assert_eq!(answered, [
            (StatusCode::OK, "TO_PROVE"),
            (StatusCode::OK, "TO_PROVE"),
            (StatusCode::OK, "PROVEN"),
            (StatusCode::OK, ""),
            (StatusCode::OK, ""),
            (StatusCode::NO_CONTENT, ""),
        ]);
        assert_eq!(requests[3].2["data"]["viewer"], json!({ "email": EMAIL, "secondFactor": { "standing": "PROVEN" } }));
        let printed = read("docs/accounts-api.md");
        let account = requests[0].2["account"]["id"].as_str().unwrap();
        let shown: Value = serde_json::from_str(&printed.split_once("```json\n").unwrap().1.split_once("```").unwrap().0.replace("account_…", account)).unwrap();
        assert_eq!(shown, requests[0].2);
    }
}

/// The fenced documents and requests of a page, in order.
fn steps(page: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (index, block) in page.split("```").enumerate() {
        // Every second part stands within a fence.
        if index % 2 == 0 {
            continue;
        }
        for kind in ["graphql", "http"] {
            if let Some(text) = block
                .strip_prefix(kind)
                .and_then(|rest| rest.strip_prefix('\n'))
            {
                found.push((kind, text.to_owned()));
            }
        }
    }
    found
}

fn read(path: &str) -> String {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(repository.join(path)).unwrap()
}
