//! GraphQL over WebSocket: the handshake of graphql-transport-ws, at the address of the HTTP API.
//!
//! A browser lets any page open a socket, so `Origin` is checked here: our own and the configured
//! ones only. Who talks is decided after the handshake, by the token in the first message.

mod connection;
mod operations;
mod places;
mod protocol;

use std::time::Duration;

use axum::extract::{FromRequestParts as _, Request, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use self::connection::Connection;
use self::places::NoPlace;
use super::client_address::client_address;
use super::graphql_over_http::{Failure, MediaType};
use super::request_context;
use super::router::HttpState;
use crate::config::HttpConfig;

pub use self::places::{SOCKETS, SOCKETS_OF_CLIENT, SocketPlaces};

/// How long a socket waits; tests wait less.
#[derive(Debug, Clone, Copy)]
pub struct SocketTimes {
    /// For the first message.
    pub init: Duration,
    /// Between two looks at the token while operations run.
    pub recheck: Duration,
    /// Between two pings.
    pub ping: Duration,
    /// After which a client that says nothing, not even to pings, is taken for gone.
    pub silence: Duration,
    /// For a client to take one message.
    pub send: Duration,
}

impl Default for SocketTimes {
    fn default() -> Self {
        Self {
            init: Duration::from_secs(5),
            recheck: Duration::from_secs(4),
            ping: Duration::from_secs(25),
            silence: Duration::from_secs(70),
            send: Duration::from_secs(10),
        }
    }
}

/// Bytes of a message that is answered with a close code.
const MESSAGE: usize = 64 * 1_024;
/// Bytes of a message beyond which the socket is dropped without a word.
const LARGEST_MESSAGE: usize = 4 * MESSAGE;

/// Whether a GET asks for a WebSocket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers
        .get(header::UPGRADE)
        .is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Upgrades the connection, or says why not.
pub(super) async fn upgrade(state: HttpState, request: Request) -> Response {
    match handshake(state, request).await {
        Ok(response) => response,
        Err(failure) => failure.into_response(MediaType::Json),
    }
}

async fn handshake(state: HttpState, request: Request) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    if !is_allowed_origin(&parts.headers, &state.app.config.http) {
        let message = "This origin may not open a socket.";
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            "FORBIDDEN_ORIGIN",
            message,
        ));
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|_| {
            let message = "This is no handshake of a WebSocket.";
            Failure::new(StatusCode::BAD_REQUEST, "BAD_HANDSHAKE", message)
        })?;
    let upgrade = upgrade.protocols([protocol::NAME]);
    if upgrade.selected_protocol().is_none() {
        let message = format!("Ask for the sub-protocol {}.", protocol::NAME);
        return Err(Failure::new(
            StatusCode::BAD_REQUEST,
            "SUBPROTOCOL_REQUIRED",
            message,
        ));
    }
    let language = request_context::language(&parts.headers);
    let client = client_address(&parts, &state.app.config.http.trusted_proxies);
    let place = state.sockets.take(client).map_err(|none| match none {
        NoPlace::OfClient => Failure::too_many_sockets(language),
        NoPlace::AtAll => Failure::unavailable(language),
    })?;
    let upgrade = upgrade
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_MESSAGE);
    Ok(upgrade.on_upgrade(move |socket| async move {
        Connection::new(state, parts, socket).run().await;
        drop(place);
    }))
}

/// Programs send no `Origin`; browsers always do, and cannot lie about it.
fn is_allowed_origin(headers: &HeaderMap, config: &HttpConfig) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let own = origin_of(&config.base_url);
    let allowed = config.allowed_origins.iter().map(String::as_str).chain(own);
    origin.to_str().is_ok_and(|origin| {
        allowed
            .into_iter()
            .any(|one| one.eq_ignore_ascii_case(origin))
    })
}

/// Scheme, host and port of a URL.
fn origin_of(url: &str) -> Option<&str> {
    let authority = url.find("://")? + 3;
    let length = url
        .get(authority..)?
        .find('/')
        .unwrap_or(url.len() - authority);
    url.get(..authority + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_before_the_path() {
        assert_eq!(
            origin_of("https://market.example"),
            Some("https://market.example")
        );
        assert_eq!(
            origin_of("http://localhost:8080/fr/x"),
            Some("http://localhost:8080")
        );
        assert_eq!(origin_of("market.example"), None);
    }
}
