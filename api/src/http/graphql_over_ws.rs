//! GraphQL over WebSocket: the handshake of graphql-transport-ws, at the address of the HTTP API.
//!
//! A browser lets any page open a socket, so `Origin` is checked here: our own and the configured
//! ones only, and never none beside a cookie. Who talks is decided after the handshake, by the
//! token in the first message or by the cookie.

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
use super::failure::Failure;
use super::graphql_over_http::MediaType;
use super::origin::{self, Origin};
use super::router::HttpState;
use super::{cookie, request_context};

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
    let is_allowed = match origin::of(&parts.headers, &state.app.config.http) {
        Origin::Allowed => true,
        Origin::Foreign => false,
        // A program; but what holds a cookie is a browser, and a browser says where it is.
        Origin::Absent => cookie::read(&parts.headers).is_none(),
    };
    if !is_allowed {
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
