//! Documents that clients name by their hash, from the list that their build wrote.

use std::io::Write as _;

use api::app::trusted_documents;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tests::app::{PASSWORD, TestApp};
use tests::browser::Browser;
use tests::database::Backend;
use tests::socket::{Socket, listen};

use super::{post, send};

const DOCUMENT: &str = "query Page($first: Int!) { projects(first: $first) { totalCount } }";
/// `printf '%s' "$DOCUMENT" | sha256sum`
const HASH: &str = "c8642d17e75370cb6feadca84eda56239cbdc99c2e8571b461bfda89a66db886";

fn list(content: &Value) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content.to_string().as_bytes()).unwrap();
    file
}

async fn trusting() -> TestApp {
    let file = list(&json!({ HASH: DOCUMENT }));
    let path = file.path().to_str().unwrap();
    // The list is read once, when the server starts.
    TestApp::with_settings(Backend::Sqlite, &[("TRUSTED_DOCUMENTS", path)]).await
}

#[tokio::test]
async fn a_document_is_named_by_its_hash_over_http() {
    let app = trusting().await;
    let variables = json!({ "first": 1 });
    let persisted = json!({ "persistedQuery": { "version": 1, "sha256Hash": HASH } });
    for body in [
        json!({ "documentId": format!("sha256:{HASH}"), "variables": variables }),
        json!({ "extensions": persisted, "variables": variables }),
        json!({ "documentId": format!("sha256:{HASH}"), "variables": variables, "operationName": "Page" }),
    ] {
        let answer = post(&app.router(), body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(
            answer.json()["data"],
            json!({ "projects": { "totalCount": 0 } })
        );
    }
    // What is trusted is not free of limits, nor of the types of its variables.
    let wrong = json!({ "documentId": format!("sha256:{HASH}"), "variables": { "first": 101 } });
    assert_eq!(
        post(&app.router(), wrong.to_string()).await.code(),
        "INVALID_ARGUMENT"
    );
    let uri = format!("/graphql?documentId=sha256:{HASH}&variables=%7B%22first%22%3A1%7D");
    let answer = send(
        &app.router(),
        Request::get(uri).body(Body::empty()).unwrap(),
    )
    .await;
    assert_eq!(
        answer.json()["data"]["projects"]["totalCount"],
        0,
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_document_is_named_by_its_hash_on_a_socket() {
    let app = trusting().await;
    let url = listen(&app).await;
    let mut socket = Socket::open(&url, &app.client()).await;
    for (hash, at, expected) in [
        (
            HASH.to_owned(),
            "/payload/data/projects/totalCount",
            json!(0),
        ),
        (
            "0".repeat(64),
            "/payload/0/extensions/code",
            json!("PERSISTED_QUERY_NOT_FOUND"),
        ),
    ] {
        socket
            .ask(json!({ "documentId": format!("sha256:{hash}"), "variables": { "first": 1 } }))
            .await;
        let heard = socket.hear().await;
        assert_eq!(heard.pointer(at), Some(&expected), "{heard}");
        if heard["type"] == "next" {
            assert_eq!(socket.hear().await["type"], "complete");
        }
    }
}

#[tokio::test]
async fn a_hash_on_no_list_is_refused_by_the_code_that_clients_know() {
    let unknown = json!({ "documentId": format!("sha256:{}", "0".repeat(64)) });
    for app in [trusting().await, TestApp::new(Backend::Sqlite).await] {
        let answer = post(&app.router(), unknown.to_string()).await;
        assert_eq!(answer.code(), "PERSISTED_QUERY_NOT_FOUND");
        assert!(answer.json().get("data").is_none());
    }
    let app = trusting().await;
    let both = json!({ "documentId": format!("sha256:{HASH}"), "query": "{__typename}" });
    let answer = post(&app.router(), both.to_string()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert!(answer.text.contains("`documentId`"), "{}", answer.text);
}

#[tokio::test]
async fn with_a_cookie_only_documents_of_the_list_run() {
    let page = json!({ "documentId": format!("sha256:{HASH}"), "variables": { "first": 1 } });
    for (app, is_refused) in [
        (trusting().await, true),
        (TestApp::new(Backend::Sqlite).await, false),
    ] {
        let client = app.sign_up("Ana", "en").await;
        let mut browser = Browser::new(app.router());
        browser.log_in("ana@example.org", PASSWORD).await;
        let refusal = browser.graphql("{ __typename }").await;
        let expected = if is_refused {
            "TRUSTED_DOCUMENTS_ONLY"
        } else {
            ""
        };
        assert_eq!(refusal.refusal().1, expected);
        if is_refused {
            let named = browser
                .send(Method::POST, "/graphql", Some(page.clone()))
                .await;
            assert_eq!(named.body["data"]["projects"]["totalCount"], 0, "{named:?}");
        }
        // Programs may ask what they like.
        client.query("{ __typename }", json!({})).await;
    }
}

#[test]
fn a_list_that_is_not_what_it_says_keeps_the_server_from_starting() {
    let other = DOCUMENT.replace("totalCount", "nodes { slug }");
    let nested = format!("{{a(b:{}1{})}}", "[".repeat(30), "]".repeat(30));
    let nested_hash = api::credentials::secret_token::hash(&nested);
    for (content, told) in [
        (json!({ HASH: other }), HASH),
        (json!({ HASH.to_uppercase(): DOCUMENT }), "lower-case"),
        (json!({ nested_hash.clone(): nested }), nested_hash.as_str()),
        (json!([DOCUMENT]), "no JSON object"),
        (json!({ HASH: 7 }), "no JSON object"),
    ] {
        let file = list(&content);
        let path = file.path().to_str().unwrap();
        let config = tests::app::config("sqlite::memory:", &[("TRUSTED_DOCUMENTS", path)]);
        let error = format!("{:#}", trusted_documents(&config).unwrap_err());
        assert!(
            error.starts_with("MARKETPLACE_TRUSTED_DOCUMENTS: "),
            "{error}"
        );
        assert!(error.contains(told), "{error}");
    }
    let config = tests::app::config(
        "sqlite::memory:",
        &[("TRUSTED_DOCUMENTS", "/nowhere/list.json")],
    );
    let error = format!("{:#}", trusted_documents(&config).unwrap_err());
    assert!(
        error.contains("/nowhere/list.json cannot be read"),
        "{error}"
    );
}
