//! Following a pairing over a real socket.

use entity::pairing::PairingOrigin;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tests::client::Client;
use tests::on_both_databases;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::scene::{Scene, act, global, marketplace};

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// A socket of `client`'s at the server that listens at `url`.
    async fn open(url: &str, client: &Client) -> Self {
        let mut request = url.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert(
            "sec-websocket-protocol",
            "graphql-transport-ws".parse().unwrap(),
        );
        let (socket, _) = connect_async(request).await.unwrap();
        let mut socket = Self(socket);
        let payload = client.token().map_or(
            json!({}),
            |token| json!({ "authorization": format!("Bearer {token}") }),
        );
        socket
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(socket.hear().await["type"], "connection_ack");
        socket
    }

    async fn say(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    async fn follow(&mut self, pairing: &str) {
        let query = "subscription($id: ID!) { pairingChanged(id: $id) { state version } }";
        let payload = json!({ "query": query, "variables": { "id": pairing } });
        self.say(json!({ "type": "subscribe", "id": "a", "payload": payload }))
            .await;
    }

    async fn hear(&mut self) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

on_both_databases! {
    async fn each_change_of_a_pairing_is_told_to_who_may_see_it_and_to_nobody_else(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, volunteer) = scene.sign_up_volunteer("Vera", "en").await;
        let eve = app.sign_up("Eve", "en").await;
        let pairing = scene.begin(volunteer, PairingOrigin::Volunteer).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
        let router = app.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

        for (client, code) in [(&eve, "NOT_FOUND"), (&app.client(), "UNAUTHENTICATED")] {
            let mut stranger = Socket::open(&url, client).await;
            stranger.follow(&global(pairing)).await;
            let answer = stranger.hear().await;
            assert!(answer.to_string().contains(code), "{answer}");
        }
        let mut socket = Socket::open(&url, &vera).await;
        socket.follow(&global(pairing)).await;
        let now = |answer: Value| answer["payload"]["data"]["pairingChanged"].clone();
        let first = now(socket.hear().await);
        assert_eq!(first["state"], "INTERESTED");
        act(&vera, "withdrawPairing", json!({ "id": global(pairing) })).await;
        let second = now(socket.hear().await);
        assert_eq!(second["state"], "WITHDRAWN");
        assert!(second["version"].as_i64() > first["version"].as_i64());
        app.run_jobs().await;
    }
}
