//! One socket from its handshake to its end.
//!
//! The token or cookie is checked when it is shown, again for each operation, and every few seconds while
//! operations run: a log-out or a change of role ends the socket. A client that neither speaks nor
//! answers pings, or does not take what it asked for, is let go.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

use super::super::cookie;
use super::super::graphql_over_http::AUTHENTICATION_TIME;
use super::super::request_context::{self, Refusal};
use super::super::router::HttpState;
use super::MESSAGE;
use super::operations::{Event, EventKind, Operations, StartError};
use super::protocol::{ClientMessage, Close, reply};
use crate::actor::Actor;
use crate::context::Context;
use crate::error::DomainError;
use crate::graphql::endpoint::{Answer, Call};

/// For a client to answer a close, or to take the answer to its own.
const CLOSE_TIME: Duration = Duration::from_secs(2);

/// How a socket ends.
enum End {
    /// By a word of ours.
    Close(Close),
    /// By a word of the client's.
    Closed,
    /// The client cannot be reached.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// The state of one socket.
pub(super) struct Connection {
    state: HttpState,
    /// The handshake's; the token of the first message joins its headers.
    parts: Parts,
    socket: WebSocket,
    operations: Operations,
    /// Who talks; none before the first message.
    actor: Option<Actor>,
    last_heard: Instant,
    subscribed: u64,
}

impl Connection {
    pub(super) fn new(state: HttpState, parts: Parts, socket: WebSocket) -> Self {
        let operations = Operations::new();
        Self {
            state,
            parts,
            socket,
            operations,
            actor: None,
            last_heard: Instant::now(),
            subscribed: 0,
        }
    }

    /// Talks until either side ends it.
    pub(super) async fn run(mut self) {
        let is_told = match self.talk().await {
            Err(End::Close(Close { code, reason })) => {
                let frame = CloseFrame {
                    code,
                    reason: Utf8Bytes::from_static(reason),
                };
                self.send(Message::Close(Some(frame))).await.is_ok()
            }
            Err(End::Closed) => true,
            Ok(()) | Err(End::Gone) => false,
        };
        if is_told {
            // Reading on sends the answer that a client's close is owed, and lets it read ours before the connection goes.
            let drained = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            drop(timeout(CLOSE_TIME, drained).await);
        }
    }

    async fn talk(&mut self) -> Result<(), End> {
        let stop = self.state.stop.clone();
        let init_by = Instant::now() + self.state.socket_times.init;
        let mut recheck = every(self.state.socket_times.recheck);
        let mut ping = every(self.state.socket_times.ping);
        loop {
            tokio::select! {
                () = stop.cancelled() => return Err(Close::STOPPING.into()),
                () = tokio::time::sleep_until(init_by), if self.actor.is_none() => {
                    return Err(Close::INIT_TIMEOUT.into());
                }
                _ = recheck.tick(), if !self.operations.is_empty() => self.recheck().await?,
                _ = ping.tick() => self.ping().await?,
                event = self.operations.next() => self.tell(event).await?,
                message = self.socket.recv() => {
                    let Some(Ok(message)) = message else { return Err(End::Gone) };
                    self.last_heard = Instant::now();
                    self.hear(message).await?;
                }
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Closed),
            Message::Binary(_) => return Err(Close::BAD_MESSAGE.into()),
        };
        if text.len() > MESSAGE {
            return Err(Close::TOO_BIG.into());
        }
        match ClientMessage::parse(&text)? {
            ClientMessage::Init { authorization } => self.init(authorization).await,
            ClientMessage::Ping => self.say(reply::pong()).await,
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { id, call } => self.subscribe(id, *call).await,
            ClientMessage::Complete { id } => {
                self.operations.stop(&id);
                Ok(())
            }
        }
    }

    async fn init(&mut self, authorization: Option<String>) -> Result<(), End> {
        if self.actor.is_some() {
            return Err(Close::TOO_MANY_INITS.into());
        }
        if let Some(authorization) = authorization {
            let value = HeaderValue::try_from(authorization).map_err(|_| Close::FORBIDDEN)?;
            self.parts.headers.insert(header::AUTHORIZATION, value);
        }
        self.actor = Some(authenticate(&self.state, &self.parts).await?.actor);
        self.say(reply::ack()).await
    }

    async fn subscribe(&mut self, id: String, call: Call) -> Result<(), End> {
        if self.actor.is_none() {
            return Err(Close::UNAUTHORIZED.into());
        }
        match self.operations.admit(&id) {
            Err(StartError::Duplicate) => Err(Close::DUPLICATE.into()),
            Err(StartError::TooMany) => {
                let message = "Too many operations run on this socket. Complete one first.";
                self.say(reply::own_error(&id, "TOO_MANY_OPERATIONS", message))
                    .await
            }
            Ok(()) => {
                self.subscribed += 1;
                let mut context = authenticate(&self.state, &self.parts).await?;
                context.request_id = format!("{}-{}", context.request_id, self.subscribed);
                let call = Call {
                    is_from_browser: cookie::read(&self.parts.headers).is_some(),
                    ..call
                };
                self.operations
                    .start(id, self.state.graphql.stream(context, call));
                Ok(())
            }
        }
    }

    async fn tell(&mut self, Event { id, kind }: Event) -> Result<(), End> {
        let message = match kind {
            EventKind::Answered(Answer::Executed(body)) => reply::next(&id, &body),
            EventKind::Answered(Answer::Refused { errors, .. }) => reply::error(&id, &errors),
            EventKind::Completed => reply::complete(&id),
            EventKind::Failed => {
                reply::own_error(&id, "INTERNAL", "Something went wrong on our side.")
            }
        };
        self.say(message).await
    }

    /// Ends the socket when its token no longer holds, or the person may by now do other things
    /// than when the running operations began. To have shown a second factor since ends nothing.
    async fn recheck(&mut self) -> Result<(), End> {
        let actor = in_time(request_context::recheck(&self.state.app, &self.parts)).await?;
        if !self
            .actor
            .as_ref()
            .is_some_and(|before| actor.goes_on_from(before))
        {
            return Err(Close::FORBIDDEN.into());
        }
        self.actor = Some(actor);
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.last_heard.elapsed() > self.state.socket_times.silence {
            return Err(End::Gone);
        }
        self.send(Message::Ping(Vec::new().into())).await
    }

    async fn say(&mut self, text: String) -> Result<(), End> {
        self.send(Message::Text(text.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.state.socket_times.send, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

async fn authenticate(state: &HttpState, parts: &Parts) -> Result<Context, Close> {
    in_time(request_context::from_parts(&state.app, parts)).await
}

/// The outcome of looking at a token or cookie, or how the socket ends.
async fn in_time<T>(looking: impl Future<Output = Result<T, Refusal>>) -> Result<T, Close> {
    match timeout(AUTHENTICATION_TIME, looking).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(Refusal::TwoCredentials)) => Err(Close::TWO_CREDENTIALS),
        Ok(Err(
            Refusal::Token(DomainError::Unauthenticated)
            | Refusal::Cookie(DomainError::Unauthenticated)
            | Refusal::NoClient
            | Refusal::Origin,
        )) => Err(Close::FORBIDDEN),
        Ok(Err(Refusal::Token(error) | Refusal::Cookie(error))) => {
            tracing::error!(
                error = error.with_causes(),
                "a socket could not be authenticated"
            );
            Err(Close::UNAVAILABLE)
        }
        Err(_) => Err(Close::UNAVAILABLE),
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
