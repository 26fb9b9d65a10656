//! The messages of graphql-transport-ws and the codes that close a socket, as text. No socket here.
//!
//! The protocol: github.com/enisdenjo/graphql-ws, PROTOCOL.md.

use serde_json::{Map, Value, json};

use crate::graphql::endpoint::{Call, CallError};

/// The sub-protocol, as the handshake names it.
pub(super) const NAME: &str = "graphql-transport-ws";

/// Characters of an operation's id: what clients make up is a number or a UUID.
const ID: usize = 128;

/// Why a socket is closed: a code and words that repeat nothing that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: &'static str,
}

impl Close {
    pub(super) const STOPPING: Self = Self {
        code: 1_001,
        reason: "The server is stopping",
    };
    pub(super) const TOO_BIG: Self = Self {
        code: 1_009,
        reason: "Message too big",
    };
    pub(super) const BAD_MESSAGE: Self = Self {
        code: 4_400,
        reason: "Invalid message",
    };
    pub(super) const BAD_CALL: Self = Self {
        code: 4_400,
        reason: "Invalid payload of subscribe",
    };
    /// A token came on a socket that a cookie opened.
    pub(super) const TWO_CREDENTIALS: Self = Self {
        code: 4_400,
        reason: "Send a token or a cookie, not both",
    };
    /// Nothing was acknowledged yet.
    pub(super) const UNAUTHORIZED: Self = Self {
        code: 4_401,
        reason: "Unauthorized",
    };
    /// The token does not hold, or no longer means what it meant.
    pub(super) const FORBIDDEN: Self = Self {
        code: 4_403,
        reason: "Forbidden",
    };
    pub(super) const INIT_TIMEOUT: Self = Self {
        code: 4_408,
        reason: "Connection initialisation timeout",
    };
    pub(super) const DUPLICATE: Self = Self {
        code: 4_409,
        reason: "Subscriber already exists",
    };
    pub(super) const TOO_MANY_INITS: Self = Self {
        code: 4_429,
        reason: "Too many initialisation requests",
    };
    pub(super) const UNAVAILABLE: Self = Self {
        code: 1_013,
        reason: "Try again later",
    };
}

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ClientMessage {
    /// Opens the conversation, with the access token if there is one.
    Init {
        authorization: Option<String>,
    },
    Ping,
    Pong,
    Subscribe {
        id: String,
        call: Box<Call>,
    },
    Complete {
        id: String,
    },
}

impl ClientMessage {
    /// Reads one message.
    ///
    /// # Errors
    /// The code with which the socket must be closed.
    pub(super) fn parse(text: &str) -> Result<Self, Close> {
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
            return Err(Close::BAD_MESSAGE);
        };
        let Some(Value::String(kind)) = message.remove("type") else {
            return Err(Close::BAD_MESSAGE);
        };
        match kind.as_str() {
            "connection_init" => {
                let authorization = authorization(optional_payload(&mut message)?)?;
                Ok(Self::Init { authorization })
            }
            "ping" => optional_payload(&mut message).map(|_| Self::Ping),
            "pong" => optional_payload(&mut message).map(|_| Self::Pong),
            "complete" => id(&mut message).map(|id| Self::Complete { id }),
            "subscribe" => {
                let id = id(&mut message)?;
                let payload = message.remove("payload").unwrap_or_default();
                let call = Call::from_json(payload).map_err(|_: CallError| Close::BAD_CALL)?;
                Ok(Self::Subscribe {
                    id,
                    call: Box::new(call),
                })
            }
            _ => Err(Close::BAD_MESSAGE),
        }
    }
}

fn optional_payload(message: &mut Map<String, Value>) -> Result<Map<String, Value>, Close> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(payload)) => Ok(payload),
        Some(_) => Err(Close::BAD_MESSAGE),
    }
}

/// The `Authorization` member, whatever its case, as the HTTP header would be.
fn authorization(payload: Map<String, Value>) -> Result<Option<String>, Close> {
    let member = payload
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    match member {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(value))) => Ok(Some(value)),
        Some(_) => Err(Close::BAD_MESSAGE),
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() && id.chars().count() <= ID => Ok(id),
        _ => Err(Close::BAD_MESSAGE),
    }
}

/// What the server says, as text.
pub(super) mod reply {
    use super::{Value, json};

    pub(in super::super) fn ack() -> String {
        json!({ "type": "connection_ack" }).to_string()
    }

    pub(in super::super) fn pong() -> String {
        json!({ "type": "pong" }).to_string()
    }

    /// A result; `payload` is JSON.
    pub(in super::super) fn next(id: &str, payload: &str) -> String {
        format!(
            r#"{{"id":{},"type":"next","payload":{payload}}}"#,
            Value::from(id)
        )
    }

    /// The operation did not run; `errors` is a JSON array.
    pub(in super::super) fn error(id: &str, errors: &str) -> String {
        format!(
            r#"{{"id":{},"type":"error","payload":{errors}}}"#,
            Value::from(id)
        )
    }

    /// An error of the transport's own.
    pub(in super::super) fn own_error(id: &str, code: &str, message: &str) -> String {
        error(
            id,
            &json!([{ "message": message, "extensions": { "code": code } }]).to_string(),
        )
    }

    pub(in super::super) fn complete(id: &str) -> String {
        json!({ "id": id, "type": "complete" }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::endpoint::Document;

    #[test]
    fn every_kind_of_message_is_read() {
        let init = |authorization: Option<&str>| {
            Ok(ClientMessage::Init {
                authorization: authorization.map(str::to_owned),
            })
        };
        assert_eq!(
            ClientMessage::parse(r#"{"type":"connection_init"}"#),
            init(None)
        );
        assert_eq!(
            ClientMessage::parse(r#"{"type":"connection_init","payload":null}"#),
            init(None)
        );
        assert_eq!(
            ClientMessage::parse(
                r#"{"type":"connection_init","payload":{"Authorization":"Bearer t","x":[]}}"#
            ),
            init(Some("Bearer t"))
        );
        assert_eq!(
            ClientMessage::parse(r#"{"type":"ping","payload":{"a":1}}"#),
            Ok(ClientMessage::Ping)
        );
        assert_eq!(
            ClientMessage::parse(r#"{"type":"pong"}"#),
            Ok(ClientMessage::Pong)
        );
        assert_eq!(
            ClientMessage::parse(r#"{"type":"complete","id":"7"}"#),
            Ok(ClientMessage::Complete { id: "7".to_owned() })
        );
        let subscribe =
            ClientMessage::parse(r#"{"type":"subscribe","id":"7","payload":{"query":"{a}"}}"#);
        assert!(
            matches!(subscribe, Ok(ClientMessage::Subscribe { id, call }) if id == "7" && call.document == Document::Text("{a}".to_owned()))
        );
    }

    #[test]
    fn anything_else_closes_the_socket_with_4400() {
        let endless_id = format!(r#"{{"type":"complete","id":"{}"}}"#, "7".repeat(ID + 1));
        let deep = format!(
            r#"{{"type":"ping","payload":{{"a":{}1{}}}}}"#,
            "[".repeat(5_000),
            "]".repeat(5_000)
        );
        for text in [
            "",
            "{",
            "[]",
            "null",
            "\"ping\"",
            "{}",
            r#"{"type":7}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"ping","payload":[]}"#,
            r#"{"type":"connection_init","payload":"token"}"#,
            r#"{"type":"connection_init","payload":{"authorization":7}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"complete","id":7}"#,
            r#"{"type":"complete","id":""}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"7"}"#,
            r#"{"type":"subscribe","id":"7","payload":{}}"#,
            r#"{"type":"subscribe","id":"7","payload":[{"query":"{a}"}]}"#,
            &endless_id,
            &deep,
        ] {
            assert_eq!(
                ClientMessage::parse(text).map_err(|close| close.code),
                Err(4_400),
                "{text:.80}"
            );
        }
    }

    #[test]
    fn ids_are_quoted_when_they_go_back() {
        for message in [
            reply::next("\"},{\"", "{}"),
            reply::error("\"},{\"", "[]"),
            reply::own_error("\"},{\"", "CODE", "no"),
            reply::complete("\"},{\""),
        ] {
            let message: Value = serde_json::from_str(&message).unwrap();
            assert_eq!(message["id"], "\"},{\"");
        }
    }
}
