//! Whose tries are counted, over real connections: a client chooses no address, whatever it says.

use std::net::SocketAddr;
use std::time::Duration;

use api::http::graphql_over_ws::SOCKETS_OF_CLIENT;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::database::Backend;
use tests::on_both_databases;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite};

use super::production_with;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Serves an app on a free port of this machine until the test ends, and says which.
async fn listen(app: &TestApp) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

/// Asks for a reset link, which each client may three times an hour, and says whether it was let through.
async fn is_let_through(server: SocketAddr, forwarded: &[&str]) -> bool {
    let document = "mutation { requestPasswordReset(input: { email: \"nobody@example.org\" }) { userErrors { code } } }";
    let body = json!({ "query": document }).to_string();
    let lines: Vec<String> = forwarded
        .iter()
        .map(|value| format!("x-forwarded-for: {value}\r\n"))
        .collect();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {server}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{}connection: close\r\n\r\n",
        body.len(),
        lines.concat()
    );
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let code = &body["errors"][0]["extensions"]["code"];
    assert!(code.is_null() || code == "RATE_LIMITED", "{body:#}");
    code.is_null()
}

/// Opens a socket, or says with which status it was refused.
async fn open_socket(server: SocketAddr, forwarded: &str) -> Result<Socket, StatusCode> {
    let url = format!("ws://{server}/graphql");
    let mut request = url.into_client_request().unwrap();
    for (name, value) in [
        ("sec-websocket-protocol", "graphql-transport-ws"),
        ("x-forwarded-for", forwarded),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(response)) => Err(response.status()),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_client_has_so_many_sockets_and_leaves_the_others_theirs() {
    let app = production_with(Backend::Sqlite, &[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let server = listen(&app).await;
    let mut sockets = Vec::new();
    for number in 0..SOCKETS_OF_CLIENT {
        let forged = format!("192.0.2.{number}, 198.51.100.7");
        sockets.push(open_socket(server, &forged).await.unwrap());
    }
    let refused = open_socket(server, "192.0.2.200, 198.51.100.7").await;
    assert_eq!(refused.err(), Some(StatusCode::TOO_MANY_REQUESTS));
    open_socket(server, "198.51.100.8").await.unwrap();

    // A place is free as soon as the server has noticed that its socket was closed.
    let mut closed = sockets.pop().unwrap();
    closed.close(None).await.unwrap();
    while closed.next().await.is_some_and(|message| message.is_ok()) {}
    let again = timeout(Duration::from_secs(10), async {
        while open_socket(server, "198.51.100.7").await.is_err() {
            tokio::task::yield_now().await;
        }
    });
    again.await.unwrap();
}

on_both_databases! {
    async fn a_peer_that_is_no_proxy_of_ours_is_the_client_whatever_it_says(backend) {
        for settings in [&[][..], &[("TRUSTED_PROXIES", "10.0.0.0/8,::1")]] {
            let app = production_with(backend, settings).await;
            let server = listen(&app).await;
            assert!(is_let_through(server, &[]).await);
            assert!(is_let_through(server, &["198.51.100.7"]).await);
            assert!(is_let_through(server, &["198.51.100.8, 10.0.0.1"]).await);
            for forged in ["198.51.100.9", "198.51.100.9, 127.0.0.1", "10.0.0.1", "::1"] {
                assert!(!is_let_through(server, &[forged]).await, "{forged}");
            }
        }
    }

    async fn a_proxy_of_ours_names_the_client_and_what_stands_before_it_is_not_believed(backend) {
        let settings = [("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")];
        let app = production_with(backend, &settings).await;
        let server = listen(&app).await;
        assert!(is_let_through(server, &["198.51.100.7"]).await);
        assert!(is_let_through(server, &["192.0.2.1, 198.51.100.7"]).await);
        assert!(is_let_through(server, &["192.0.2.2", "198.51.100.7, 10.0.0.1"]).await);
        for forged in [
            &["192.0.2.3, 198.51.100.7"][..],
            &["192.0.2.4", "198.51.100.7"],
            &["10.0.0.9, 198.51.100.7, 10.0.0.1", "10.0.0.2"],
            &["127.0.0.1, 198.51.100.7"],
        ] {
            assert!(!is_let_through(server, forged).await, "{forged:?}");
        }
        // Everybody else still comes through.
        assert!(is_let_through(server, &["198.51.100.8"]).await);
        assert!(is_let_through(server, &[]).await);
    }
}
