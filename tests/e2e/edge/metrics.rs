//! Figures are served where the operator listens for them, and never where the public comes in.

use api::server::{Listeners, serve_on};
use axum::http::StatusCode;
use tests::app::TestApp;
use tests::on_both_databases;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The status and the body of `/metrics` at a port.
async fn metrics_at(listener: &str) -> (StatusCode, String) {
    let mut stream = TcpStream::connect(listener).await.unwrap();
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {listener}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

on_both_databases! {
    async fn figures_have_an_address_of_their_own(backend) {
        let app = TestApp::with_settings(backend, &[("WORKER", "separate")]).await;
        let ((public, public_address), (metrics, metrics_address)) = (listener().await, listener().await);
        let listeners = Listeners { public, metrics: Some(metrics) };
        let serving = tokio::spawn(serve_on(app.app.clone(), listeners));
        let (status, body) = metrics_at(&metrics_address).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("# TYPE marketplace_current_suggestions_rebuilds_after_error_total counter"), "{body}");
        let (status, body) = metrics_at(&public_address).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(!body.contains("marketplace_"), "{body}");
        serving.abort();
    }
}
