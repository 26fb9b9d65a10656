//! GraphQL over HTTP: media types, methods, statuses and headers.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::database::Backend;

use super::{Answer, development, post, production, send};

const TYPENAME: &str = r#"{"query":"{__typename}"}"#;

/// Posts with a media type to accept.
async fn post_accepting(router: &axum::Router, accept: &str, body: &str) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", accept);
    send(router, request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn the_answer_has_the_media_type_that_was_agreed_on() {
    let router = development().await.router();
    for (accept, given) in [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        (
            "application/graphql-response+json",
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        let answer = post_accepting(&router, accept, TYPENAME).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, given)
        );
        assert_eq!(answer.json()["data"], json!({ "__typename": "Query" }));
    }
    let answer = post_accepting(&router, "text/html", TYPENAME).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE")
    );
}

#[tokio::test]
async fn errors_of_the_request_have_a_status_by_media_type_a_code_and_no_data() {
    let router = development().await.router();
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothingOfTheKind }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ __typename }{ __typename }", "SEVERAL_OPERATIONS"),
    ] {
        let body = json!({ "query": query }).to_string();
        for (accept, status) in [
            ("application/json", StatusCode::OK),
            ("application/graphql-response+json", StatusCode::BAD_REQUEST),
        ] {
            let answer = post_accepting(&router, accept, &body).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (status, code),
                "{query}"
            );
            assert_eq!(
                answer
                    .json()
                    .as_object()
                    .unwrap()
                    .keys()
                    .collect::<Vec<_>>(),
                ["errors"]
            );
        }
    }
}

#[tokio::test]
async fn what_is_no_graphql_request_is_a_bad_request_to_everybody() {
    let router = development().await.router();
    for (body, code) in [
        ("", "BAD_REQUEST"),
        ("{ \"not a JSON", "INVALID_JSON"),
        ("[]", "BAD_REQUEST"),
        (r#"[{"query":"{__typename}"}]"#, "BAD_REQUEST"),
        (r#"["{__typename}"]"#, "BAD_REQUEST"),
        (r#"{"qeury":"{__typename}"}"#, "BAD_REQUEST"),
        (r#"{"query":"{__typename}","variables":[]}"#, "BAD_REQUEST"),
    ] {
        let answer = post_accepting(&router, "application/json", body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, code),
            "{body}"
        );
    }
}

#[tokio::test]
async fn only_json_is_taken_and_only_so_much_of_it() {
    let router = development().await.router();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ] {
        let request = Request::post("/graphql").header("content-type", content_type);
        let answer = send(&router, request.body(Body::from(TYPENAME)).unwrap()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{content_type}"
        );
    }
    let padded = |bytes: usize| format!("{TYPENAME}{}", " ".repeat(bytes - TYPENAME.len()));
    assert_eq!(post(&router, padded(65_536)).await.status, StatusCode::OK);
    let announced = post(&router, padded(65_537)).await;
    let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>(padded(65_537))]);
    let unannounced = post(&router, Body::from_stream(chunks)).await;
    for answer in [announced, unannounced] {
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE")
        );
    }
}

#[tokio::test]
async fn a_url_can_hold_a_query_and_nothing_else() {
    let router = development().await.router();
    let get = async |parameters: &str| {
        send(
            &router,
            Request::get(format!("/graphql?{parameters}"))
                .body(Body::empty())
                .unwrap(),
        )
        .await
    };
    let answer = get("query=query(%24n%3AString!)%7B__type(name%3A%24n)%7Bname%7D%7D&variables=%7B%22n%22%3A%22Query%22%7D").await;
    assert_eq!(
        answer.json()["data"],
        json!({ "__type": { "name": "Query" } })
    );
    let mutation = get("query=mutation%7B__typename%7D").await;
    assert_eq!(
        (mutation.status, mutation.header("allow")),
        (StatusCode::METHOD_NOT_ALLOWED, "POST")
    );
    assert_eq!(mutation.code(), "NOT_A_QUERY");
    for broken in [
        "",
        "query=",
        "variables=%7B%7D",
        "query=%7B__typename%7D&variables=1",
        "query=%7B__typename%7D&variables=%7B",
    ] {
        let status = get(broken).await.status;
        assert!(
            matches!(status, StatusCode::BAD_REQUEST | StatusCode::OK),
            "{status} for {broken}"
        );
        assert!(!get(broken).await.code().is_empty(), "{broken}");
    }
}

#[tokio::test]
async fn other_methods_are_told_which_are_allowed() {
    let router = development().await.router();
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request = Request::builder()
            .method(method)
            .uri("/graphql")
            .header("origin", "https://evil.example");
        let answer = send(&router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (StatusCode::METHOD_NOT_ALLOWED, "GET, POST")
        );
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_refused_and_not_taken_for_nobody() {
    let router = development().await.router();
    for token in ["Bearer x", "Bearer ", "Basic dTpw", "x"] {
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("authorization", token);
        let answer = send(&router, request.body(Body::from(TYPENAME)).unwrap()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            "{token}"
        );
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer error=\"invalid_token\""
        );
    }
}

#[tokio::test]
async fn every_answer_is_private_and_named() {
    let router = development().await.router();
    let answer = post(&router, TYPENAME).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(!answer.header("x-request-id").is_empty());
}

#[tokio::test]
async fn in_production_a_stranger_sees_no_schema() {
    let router = production().await.router();
    let schema = post(&router, r#"{"query":"{__schema{queryType{name}}}"}"#).await;
    assert_eq!(schema.json()["data"]["__schema"], Value::Null);
    let mistake = post(&router, r#"{"query":"{viewr{id}}"}"#).await;
    assert_eq!(mistake.code(), "GRAPHQL_VALIDATION_FAILED");
    assert!(!mistake.text.contains("Did you mean"), "{}", mistake.text);
}

#[tokio::test]
async fn in_development_the_schema_is_open() {
    let router = development().await.router();
    let schema = post(&router, r#"{"query":"{__schema{queryType{name}}}"}"#).await;
    assert_eq!(
        schema.json()["data"]["__schema"]["queryType"]["name"],
        "Query"
    );
    assert!(
        post(&router, r#"{"query":"{viewr{id}}"}"#)
            .await
            .text
            .contains("Did you mean")
    );
}

#[tokio::test]
async fn pages_of_listed_origins_may_call_and_read_and_others_may_not() {
    let settings = [("ALLOWED_ORIGINS", "https://app.example")];
    let app = TestApp::with_settings(Backend::Sqlite, &settings).await;
    let router = app.router();
    for (origin, allowed) in [
        ("https://app.example", "https://app.example"),
        ("https://app.example.evil.example", ""),
        ("null", ""),
    ] {
        let preflight = Request::options("/graphql")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type",
            );
        let answer = send(&router, preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
        let headers = answer.header("access-control-allow-headers");
        assert!(headers.contains("authorization"), "{headers}");
        assert!(headers.contains("x-marketplace-client"), "{headers}");
        assert_eq!(answer.header("access-control-allow-credentials"), "true");

        let call = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("origin", origin);
        let answer = send(&router, call.body(Body::from(TYPENAME)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
        assert!(
            answer
                .header("access-control-expose-headers")
                .contains("x-request-id")
        );
        let path = "/rounds/round_x/certificate.json";
        let preflight = Request::options(path)
            .header("origin", origin)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization");
        let answer = send(&router, preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
        let (methods, headers) = (
            "access-control-allow-methods",
            "access-control-allow-headers",
        );
        assert!(
            answer.header(methods).contains("GET"),
            "{}",
            answer.header(methods)
        );
        assert!(
            answer.header(headers).contains("authorization"),
            "{}",
            answer.header(headers)
        );
        let document = Request::get(path).header("origin", origin);
        let answer = send(&router, document.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
    }
    // Who lists nobody answers no preflight.
    let preflight = Request::options("/graphql").header("origin", "https://app.example");
    let router = development().await.router();
    let answer = send(&router, preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("access-control-allow-origin"), "");
}
