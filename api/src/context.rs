//! What every use case is given: the app, the actor, and the request's language and id.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::consent::ConsentChannel;
use entity::language::Language;
use entity::personal::Personal;

use crate::actor::{Actor, Person};
use crate::app::App;
use crate::error::DomainError;

/// One request, or one job.
#[derive(Clone)]
pub struct Context {
    /// The composition root.
    pub app: Arc<App>,
    /// Who asks.
    pub actor: Actor,
    /// The language of messages: the actor's, else the request's `Accept-Language`, else English.
    pub language: Language,
    /// Names the request in logs and in errors.
    pub request_id: String,
    /// The caller's address, for throttles only; never stored.
    pub client: Option<IpAddr>,
    /// What the caller's program says it is, kept with sessions so that their owner knows them apart: at most 200
    /// characters of visible ASCII.
    pub user_agent: Option<Personal>,
    /// How the person reached us, as consents record it.
    pub channel: ConsentChannel,
}

impl Context {
    /// For jobs and the command line.
    pub fn system(app: Arc<App>, request_id: impl Into<String>) -> Self {
        Self {
            app,
            actor: Actor::System,
            language: Language::En,
            request_id: request_id.into(),
            client: None,
            user_agent: None,
            channel: ConsentChannel::Api,
        }
    }

    /// Now, by the app's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// The logged-in person. Whatever needs one asks for it before it reads anything: who is not logged in hears the same of
    /// what exists and of what does not.
    ///
    /// # Errors
    /// [`DomainError::Unauthenticated`] when there is none.
    pub fn person(&self) -> Result<&Person, DomainError> {
        self.actor.person().ok_or(DomainError::Unauthenticated)
    }
}
