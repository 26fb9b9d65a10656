//! graphql-transport-ws over real sockets: who may talk, what is answered, how sockets end.

use std::net::SocketAddr;
use std::time::Duration;

use api::graphql::endpoint::Endpoint;
use api::graphql::extensions::{DocumentGuard, OperationLimits};
use api::graphql::mutation::Mutation;
use api::graphql::query::Query;
use api::http::graphql_over_ws::SocketTimes;
use api::http::router::{HttpState, router_of};
use async_graphql::{Schema, Subscription};
use axum::Router;
use futures_util::stream::{self, Stream};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::bombs::bombs;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::development;

/// Streams whose events need no waiting.
struct Streams;

#[Subscription]
impl Streams {
    /// The numbers below `end`.
    async fn count(&self, end: i32) -> impl Stream<Item = i32> {
        stream::iter(0..end)
    }

    /// Nothing, for ever.
    async fn never(&self) -> impl Stream<Item = i32> {
        stream::pending()
    }
}

/// A server that listens, with the subscriptions above.
pub(super) struct Server {
    pub(super) app: TestApp,
    pub(super) url: String,
}

impl Server {
    pub(super) async fn start() -> Self {
        Self::of(development().await, SocketTimes::default()).await
    }

    pub(super) async fn of(app: TestApp, socket_times: SocketTimes) -> Self {
        let (app, listener, router) = Self::prepare(app, socket_times).await;
        let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { app, url }
    }

    /// A server that knows who connects, and so how many sockets each client has.
    pub(super) async fn that_knows_clients(app: TestApp, socket_times: SocketTimes) -> Self {
        let (app, listener, router) = Self::prepare(app, socket_times).await;
        let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { app, url }
    }

    async fn prepare(app: TestApp, socket_times: SocketTimes) -> (TestApp, TcpListener, Router) {
        let schema = Schema::build(Query::default(), Mutation::default(), Streams)
            .extension(DocumentGuard::default())
            .extension(OperationLimits::default())
            .finish();
        let state = HttpState::new(app.app.clone(), Endpoint::new(schema), app.stop.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let router = router_of(HttpState {
            socket_times,
            ..state
        });
        (app, listener, router)
    }

    pub(super) async fn connect(
        &self,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, StatusCode> {
        let mut request = self.url.as_str().into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(tungstenite::Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket that has said nothing yet, or the status with which it was refused.
    pub(super) async fn open_another(&self) -> Result<Socket, StatusCode> {
        self.connect(&[("sec-websocket-protocol", "graphql-transport-ws")])
            .await
    }

    /// A socket that has said nothing yet.
    pub(super) async fn open(&self) -> Socket {
        self.open_another().await.unwrap()
    }

    /// A socket that was acknowledged.
    pub(super) async fn ready(&self, payload: Value) -> Socket {
        let mut socket = self.open().await;
        socket
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }
}

pub(super) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(super) async fn say(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": query } }))
            .await;
    }

    /// The next message.
    pub(super) async fn hear(&mut self) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code with which the server closes, whatever it says before.
    pub(super) async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.0.next().await.unwrap().unwrap() {
                return frame.unwrap().code.into();
            }
        }
    }

    /// Pings and messages until the connection is gone, with no word of farewell.
    pub(super) async fn is_let_go(&mut self) -> bool {
        loop {
            match self.0.next().await {
                None | Some(Err(_)) => return true,
                Some(Ok(Message::Close(_))) => return false,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Hears pings, and answers each.
    pub(super) async fn hear_pings(&mut self, count: usize) {
        let mut heard = 0;
        while heard < count {
            heard += usize::from(self.0.next().await.unwrap().unwrap().is_ping());
        }
    }

    pub(super) async fn is_alive(&mut self) -> bool {
        self.say(json!({ "type": "ping" })).await;
        self.hear().await == json!({ "type": "pong" })
    }
}

#[tokio::test]
async fn the_handshake_asks_for_the_protocol_and_for_our_own_origin() {
    let server = Server::start().await;
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    let refused = async |headers: &[(&'static str, &str)]| server.connect(headers).await.err();
    assert_eq!(refused(&[]).await, Some(StatusCode::BAD_REQUEST));
    assert_eq!(
        refused(&[("sec-websocket-protocol", "graphql-ws")]).await,
        Some(StatusCode::BAD_REQUEST)
    );
    for origin in [
        "https://evil.example",
        "null",
        "http://marketplace.test.evil.example",
    ] {
        assert_eq!(
            refused(&[protocol, ("origin", origin)]).await,
            Some(StatusCode::FORBIDDEN),
            "{origin}"
        );
    }
    assert_eq!(
        refused(&[protocol, ("origin", "http://marketplace.test")]).await,
        None
    );
}

#[tokio::test]
async fn an_operation_is_answered_and_completed_and_its_id_is_free_again() {
    let server = Server::start().await;
    let mut socket = server.ready(json!({})).await;
    for _ in 0..2 {
        socket.subscribe("a", "{__typename}").await;
        assert_eq!(
            socket.hear().await,
            json!({ "id": "a", "type": "next", "payload": {
                "data": { "__typename": "Query" },
                "extensions": { "cost": { "used": 0, "limit": 300 } },
            } })
        );
        assert_eq!(
            socket.hear().await,
            json!({ "id": "a", "type": "complete" })
        );
    }
    socket.subscribe("b", "subscription{count(end:3)}").await;
    for number in 0..3 {
        assert_eq!(socket.hear().await["payload"]["data"]["count"], number);
    }
    assert_eq!(
        socket.hear().await,
        json!({ "id": "b", "type": "complete" })
    );
}

#[tokio::test]
async fn what_is_refused_is_an_error_of_its_id_and_the_socket_lives() {
    let server = Server::start().await;
    let mut socket = server.ready(json!({})).await;
    let others = [
        ("{nothingOfTheKind}".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("{".to_owned(), "GRAPHQL_PARSE_FAILED"),
    ];
    for (document, code) in bombs().into_iter().chain(others) {
        socket.subscribe("a", &document).await;
        let error = socket.hear().await;
        assert_eq!(
            (&error["type"], &error["id"]),
            (&json!("error"), &json!("a"))
        );
        assert_eq!(
            error["payload"][0]["extensions"]["code"], code,
            "{document:.60}"
        );
        assert!(socket.is_alive().await);
    }
}

#[tokio::test]
async fn a_client_that_completes_hears_no_more_of_it() {
    let server = Server::start().await;
    let mut socket = server.ready(json!({})).await;
    socket
        .subscribe("a", "subscription{count(end:1000000)}")
        .await;
    assert_eq!(socket.hear().await["type"], "next");
    socket.say(json!({ "type": "complete", "id": "a" })).await;
    socket.subscribe("b", "{__typename}").await;
    // What was on its way before the server heard `complete` may still arrive, but never its end.
    loop {
        let message = socket.hear().await;
        if message["id"] == "b" {
            break;
        }
        assert_eq!(
            (&message["id"], &message["type"]),
            (&json!("a"), &json!("next"))
        );
    }
    assert_eq!(
        socket.hear().await,
        json!({ "id": "b", "type": "complete" })
    );
    assert!(socket.is_alive().await);
}

#[tokio::test]
async fn broken_rules_close_the_socket_with_their_code() {
    let server = Server::start().await;

    let mut socket = server.open().await;
    socket.subscribe("a", "{__typename}").await;
    assert_eq!(socket.closed().await, 4_401);

    let mut socket = server.ready(json!({})).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await, 4_429);

    let mut socket = server.ready(json!({})).await;
    socket.subscribe("a", "subscription{never}").await;
    socket.subscribe("a", "subscription{never}").await;
    assert_eq!(socket.closed().await, 4_409);

    for text in [
        "{nope",
        r#"{"type":"start"}"#,
        r#"{"type":"subscribe","id":"a","payload":{}}"#,
    ] {
        let mut socket = server.ready(json!({})).await;
        socket.0.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.closed().await, 4_400, "{text}");
    }
    let mut socket = server.ready(json!({})).await;
    socket
        .0
        .send(Message::binary(b"{\"type\":\"ping\"}".as_slice()))
        .await
        .unwrap();
    assert_eq!(socket.closed().await, 4_400);

    let mut socket = server.ready(json!({})).await;
    socket
        .0
        .send(Message::text(" ".repeat(65_537)))
        .await
        .unwrap();
    assert_eq!(socket.closed().await, 1_009);
}

#[tokio::test]
async fn a_socket_runs_twenty_operations_and_says_so_of_the_next() {
    let server = Server::start().await;
    let mut socket = server.ready(json!({})).await;
    for id in 0..20 {
        socket
            .subscribe(&id.to_string(), "subscription{never}")
            .await;
    }
    socket.subscribe("one more", "{__typename}").await;
    assert_eq!(
        socket.hear().await["payload"][0]["extensions"]["code"],
        "TOO_MANY_OPERATIONS"
    );
    assert!(socket.is_alive().await);
}

#[tokio::test]
async fn who_says_nothing_is_closed() {
    let times = SocketTimes {
        init: Duration::ZERO,
        ..SocketTimes::default()
    };
    let server = Server::of(development().await, times).await;
    assert_eq!(server.open().await.closed().await, 4_408);
}

#[tokio::test]
async fn a_stopping_server_closes_its_sockets() {
    let server = Server::start().await;
    let mut socket = server.ready(json!({})).await;
    server.app.stop.cancel();
    assert_eq!(socket.closed().await, 1_001);
}

#[tokio::test]
async fn a_client_that_closes_is_answered_with_its_own_code() {
    let server = Server::start().await;
    for operation in ["subscription{never}", "subscription{count(end:1000000)}"] {
        let mut socket = server.ready(json!({})).await;
        socket.subscribe("a", operation).await;
        let close = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        socket.0.close(Some(close)).await.unwrap();
        assert_eq!(socket.closed().await, 1_000, "{operation}");
    }
}

#[tokio::test]
async fn the_token_of_the_first_message_says_who_talks() {
    let server = Server::start().await;
    let nora = server.app.sign_up("Nora", "en").await;
    let mut socket = server
        .ready(json!({ "authorization": format!("Bearer {}", nora.token().unwrap()) }))
        .await;
    socket.subscribe("a", "{viewer{email}}").await;
    assert_eq!(
        socket.hear().await["payload"]["data"]["viewer"]["email"],
        "nora@example.org"
    );

    let mut forged = server.open().await;
    forged
        .say(json!({ "type": "connection_init", "payload": { "Authorization": "Bearer x" } }))
        .await;
    assert_eq!(forged.closed().await, 4_403);
}
