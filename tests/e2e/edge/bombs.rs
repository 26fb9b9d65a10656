//! Documents that end or freeze unguarded servers are refused before they are parsed.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use tests::bombs::{bombs, broken_requests};

use super::{Answer, development, post, send};

fn assert_alive(answer: &Answer) {
    assert_eq!(answer.json()["data"], json!({ "__typename": "Query" }));
}

#[tokio::test]
async fn every_bomb_is_refused_with_its_own_code_and_the_server_lives() {
    let router = development().await.router();
    for (document, code) in bombs() {
        let answer = post(&router, json!({ "query": document }).to_string()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::OK, code),
            "{document:.60}"
        );
        assert!(
            answer.text.len() < 2_048,
            "an answer of {} bytes",
            answer.text.len()
        );
        assert_alive(&post(&router, r#"{"query":"{__typename}"}"#).await);
    }
}

#[tokio::test]
async fn bombs_in_a_url_are_refused_too() {
    let router = development().await.router();
    for (document, code) in bombs() {
        let escape = |byte| format!("%{byte:02X}");
        let escaped = document.bytes().map(escape).collect::<Vec<_>>().concat();
        let request = Request::get(format!("/graphql?query={escaped}")).body(Body::empty());
        assert_eq!(
            send(&router, request.unwrap()).await.code(),
            code,
            "{document:.60}"
        );
    }
}

#[tokio::test]
async fn bombs_in_variables_are_refused() {
    let router = development().await.router();
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let with = |value: String| {
        format!(r#"{{"query":"query($a:[Int]){{__typename}}","variables":{{"a":{value}}}}}"#)
    };
    for (value, code) in [
        (nested(24), "VARIABLES_TOO_DEEP"),
        (nested(10_000), "INVALID_JSON"),
        (format!("[{}1]", "1,".repeat(10_000)), "VARIABLES_TOO_LARGE"),
    ] {
        assert_eq!(post(&router, with(value)).await.code(), code);
    }
    // Each use of a variable is a copy of its value: 20 and the definition, times 9,523 numbers and their list.
    let uses = "$a ".repeat(20);
    for (numbers, code) in [
        (9_523, "VARIABLES_TOO_OFTEN"),
        (9_522, "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let body = format!(
            r#"{{"query":"query($a:[Int]){{skills(first:[{uses}]){{totalCount}}}}","variables":{{"a":[{}1]}}}}"#,
            "1,".repeat(numbers - 1)
        );
        assert_eq!(post(&router, body).await.code(), code, "{numbers}");
    }
    assert_alive(&post(&router, r#"{"query":"{__typename}"}"#).await);
}

#[tokio::test]
async fn no_broken_request_is_a_fault_of_ours() {
    let router = development().await.router();
    let mut sent = 0;
    for body in broken_requests() {
        let text = String::from_utf8_lossy(&body).into_owned();
        let answer = post(&router, body).await;
        assert!(answer.status.as_u16() < 500, "{} for {text}", answer.status);
        if answer.json().get("errors").is_some() {
            assert!(
                !answer.code().is_empty() && answer.code() != "INTERNAL",
                "{} for {text}",
                answer.text
            );
        }
        sent += 1;
    }
    assert_eq!(sent, 10_000);
}

#[tokio::test]
async fn a_default_value_for_a_list_of_an_unknown_type_is_no_fault_of_ours() {
    let router = development().await.router();
    let answer = post(&router, r#"{"query":"query($a:[Nope]=[1]){__typename}"}"#).await;
    assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED");
}
