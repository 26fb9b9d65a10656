//! Who takes too long is not waited for, and who takes their time within it is.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use api::graphql::endpoint::Endpoint;
use api::graphql::schema;
use api::http::graphql_over_http::BODY_TIME;
use api::http::graphql_over_ws::{SOCKETS_OF_CLIENT, SocketTimes};
use api::http::router::{HttpState, router_of};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use futures_util::{StreamExt, stream};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use tests::app::TestApp;
use tests::database::Backend;

use super::socket::Server;
use super::{Answer, send};

/// Posts a body in two parts, the second of which comes when it may.
async fn post_in_parts(
    body_time: Duration,
    second: impl Future<Output = ()> + Send + 'static,
) -> Answer {
    let app = TestApp::new(Backend::Sqlite).await;
    let state = HttpState::new(
        app.app.clone(),
        Endpoint::new(schema::build()),
        app.stop.clone(),
    );
    let router = router_of(HttpState { body_time, ..state });
    let first = stream::once(async { "{\"query\":" });
    let second = stream::once(async {
        second.await;
        "\"{__typename}\"}"
    });
    let parts = first
        .chain(second)
        .map(|part| Ok::<_, Infallible>(Bytes::from(part)));
    let request = Request::post("/graphql").header("content-type", "application/json");
    send(&router, request.body(Body::from_stream(parts)).unwrap()).await
}

#[tokio::test]
async fn a_body_is_waited_for_and_not_for_ever() {
    let answer = post_in_parts(BODY_TIME, tokio::task::yield_now()).await;
    assert_eq!(answer.json()["data"], json!({ "__typename": "Query" }));
    let answer = post_in_parts(Duration::from_millis(20), pending()).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::REQUEST_TIMEOUT, "BODY_TOO_SLOW")
    );
}

#[tokio::test]
async fn postgresql_ends_a_statement_after_five_seconds() {
    let app = TestApp::new(Backend::Postgres).await;
    let question = Statement::from_string(DbBackend::Postgres, "SHOW statement_timeout");
    let answer = app.app.store.connection.query_one_raw(question).await;
    let told: String = answer.unwrap().unwrap().try_get_by_index(0).unwrap();
    assert_eq!(told, "5s");
}

#[tokio::test]
async fn a_client_that_answers_pings_stays_and_a_silent_one_is_let_go() {
    let patient = SocketTimes {
        ping: Duration::from_millis(1),
        ..SocketTimes::default()
    };
    let app = TestApp::new(Backend::Sqlite).await;
    let mut socket = Server::of(app, patient).await.ready(json!({})).await;
    socket.hear_pings(50).await;
    assert!(socket.is_alive().await);

    let impatient = SocketTimes {
        silence: Duration::ZERO,
        ..patient
    };
    let app = TestApp::new(Backend::Sqlite).await;
    let mut socket = Server::of(app, impatient).await.open().await;
    assert!(socket.is_let_go().await);
}

#[tokio::test]
async fn a_client_that_does_not_take_what_it_asked_for_is_let_go() {
    let impatient = SocketTimes {
        send: Duration::from_millis(100),
        ..SocketTimes::default()
    };
    let app = TestApp::new(Backend::Sqlite).await;
    let server = Server::that_knows_clients(app, impatient).await;
    let mut others = Vec::new();
    for _ in 1..SOCKETS_OF_CLIENT {
        others.push(server.open().await);
    }
    let mut stuck = server.ready(json!({})).await;
    let refused = server.open_another().await.err();
    assert_eq!(refused, Some(StatusCode::TOO_MANY_REQUESTS));
    stuck
        .subscribe("a", "subscription{count(end:100000000)}")
        .await;
    // Its place is free again, without a word to it.
    while server.open_another().await.is_err() {}
    assert!(stuck.is_let_go().await);
}
