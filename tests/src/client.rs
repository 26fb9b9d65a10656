//! A GraphQL client that speaks to the router in process.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::app::TestApp;

/// A client, logged in or not.
#[derive(Clone)]
pub struct Client {
    router: Router,
    token: Option<String>,
    language: Option<String>,
    user_agent: Option<String>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The body as JSON; null when it is not.
    pub body: Value,
    /// The body as it was sent.
    pub text: String,
}

impl Client {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            token: None,
            language: None,
            user_agent: None,
        }
    }

    /// The same client with a bearer token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same client asking for answers in a language.
    #[must_use]
    pub fn with_language(&self, language: &str) -> Self {
        Self {
            language: Some(language.to_owned()),
            ..self.clone()
        }
    }

    /// The same client under a name in `User-Agent`.
    #[must_use]
    pub fn named(&self, user_agent: &str) -> Self {
        Self {
            user_agent: Some(user_agent.to_owned()),
            ..self.clone()
        }
    }

    /// Has the logged-in person answered in `EN` or `FR` from now on: what an account prefers counts before its requests.
    pub async fn prefer(&self, language: &str) {
        let document = "mutation($language: Language) { updateAccount(input: { preferredLanguage: $language }) { userErrors { code message field } } }";
        self.mutate(document, json!({ "language": language })).await;
    }

    /// The same client at another server.
    #[must_use]
    pub fn at(&self, app: &TestApp) -> Self {
        Self {
            router: app.router(),
            ..self.clone()
        }
    }

    /// The bearer token, of a logged-in client.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Posts a document with its variables.
    pub async fn graphql(&self, document: &str, variables: Value) -> Response {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(language) = &self.language {
            request = request.header(header::ACCEPT_LANGUAGE, language);
        }
        if let Some(user_agent) = &self.user_agent {
            request = request.header(header::USER_AGENT, user_agent);
        }
        let body = json!({ "query": document, "variables": variables }).to_string();
        let response = self
            .router
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Response {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Runs a document that must succeed and returns `data`.
    pub async fn query(&self, document: &str, variables: Value) -> Value {
        let response = self.graphql(document, variables).await;
        assert!(response.body.get("errors").is_none(), "{:#}", response.body);
        response.body["data"].clone()
    }

    /// Runs a document with one mutation that must succeed without `userErrors` and returns its payload.
    pub async fn mutate(&self, document: &str, variables: Value) -> Value {
        let payload = self.try_mutate(document, variables).await;
        let errors = &payload["userErrors"];
        assert!(errors.as_array().is_none_or(Vec::is_empty), "{errors:#}");
        payload
    }

    /// Runs a document with one mutation and returns its payload, `userErrors` included.
    pub async fn try_mutate(&self, document: &str, variables: Value) -> Value {
        let data = self.query(document, variables).await;
        data.as_object()
            .and_then(|fields| fields.values().next())
            .cloned()
            .unwrap_or_default()
    }

    /// The `userErrors` of a document with one mutation, as `CODE field` lines.
    pub async fn user_errors(&self, document: &str, variables: Value) -> Vec<String> {
        let payload = self.try_mutate(document, variables).await;
        payload["userErrors"]
            .as_array()
            .expect("the document asks for userErrors { code field }")
            .iter()
            .map(|error| {
                let path: Vec<&str> = error["field"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                format!(
                    "{} {}",
                    error["code"].as_str().unwrap_or_default(),
                    path.join(".")
                )
                .trim()
                .to_owned()
            })
            .collect()
    }

    /// The code of the first GraphQL error of a document that must fail.
    pub async fn error_code(&self, document: &str, variables: Value) -> String {
        let response = self.graphql(document, variables).await;
        let code = &response.body["errors"][0]["extensions"]["code"];
        code.as_str()
            .unwrap_or_else(|| panic!("no error code in {:#}", response.body))
            .to_owned()
    }
}
