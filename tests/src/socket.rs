//! A GraphQL client that follows over a real socket.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::app::TestApp;
use crate::client::Client;

/// An open socket.
#[derive(Debug)]
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Serves an app on a free port until the test ends, and says where its sockets are.
pub async fn listen(app: &TestApp) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
    let router = app.router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

impl Socket {
    /// A socket of `client`'s at the server that listens at `url`.
    pub async fn open(url: &str, client: &Client) -> Self {
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

    /// Begins to follow.
    pub async fn subscribe(&mut self, query: &str, variables: Value) {
        self.ask(json!({ "query": query, "variables": variables }))
            .await;
    }

    /// Sends the parameters of an operation.
    pub async fn ask(&mut self, payload: Value) {
        self.say(json!({ "type": "subscribe", "id": "a", "payload": payload }))
            .await;
    }

    /// Sends a text as it is; the answer to it, or none where the server closes the socket.
    pub async fn ask_in_text(&mut self, text: String) -> Option<Value> {
        self.0.send(Message::text(text)).await.unwrap();
        match self.0.next().await?.ok()? {
            Message::Text(text) => serde_json::from_str(&text).ok(),
            _ => None,
        }
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Reads on until the server closes, and says with which code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.0.next().await.unwrap().unwrap() {
                return frame.unwrap().code.into();
            }
        }
    }

    async fn say(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }
}
