//! A step of a pairing.

use async_graphql::{Context, Enum, Object, Result};
use chrono::{DateTime, Utc};
use entity::actor_kind;
use entity::id::VolunteerId;
use entity::language::Language;
use entity::pairing_event;
use entity::personal::Personal;
use entity::personal_read::FieldGroup;

use super::pairing::PairingState;
use super::pairing_reason::PairingReason;
use crate::domain::pairings::reason::Reason;
use crate::domain::personal_reads::{Look, Subject};
use crate::graphql::context::RequestExt as _;

/// One step of a pairing from a state to the next.
pub struct PairingEvent {
    /// The row.
    pub event: pairing_event::Model,
    /// Whose pairing it is a step of.
    pub volunteer_id: VolunteerId,
    /// Whether the reader may see notes.
    pub has_notes: bool,
}

/// One step of a pairing from a state to the next.
#[Object]
impl PairingEvent {
    /// Its place among the pairing's steps, from 1.
    async fn sequence(&self) -> i32 {
        self.event.sequence
    }

    /// The state before; null for the first step.
    async fn from_state(&self) -> Option<PairingState> {
        self.event.from_state.map(Into::into)
    }

    /// The state after.
    async fn to_state(&self) -> PairingState {
        self.event.to_state.into()
    }

    /// Who brought it about.
    async fn actor(&self) -> PairingActor {
        self.event.actor_kind.into()
    }

    /// Why, for programs.
    async fn reason(&self) -> Option<PairingReason> {
        Reason::from_code(&self.event.reason_code).map(Into::into)
    }

    /// Why, in a sentence in the request's language.
    async fn reason_text(&self, ctx: &Context<'_>) -> Result<Option<&'static str>> {
        let language = ctx.request()?.language;
        Ok(
            Reason::from_code(&self.event.reason_code).map(|reason| match language {
                Language::En => reason.words().0,
                Language::Fr => reason.words().1,
            }),
        )
    }

    /// More about why; told to coordinators.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<&String>> {
        let note = self.event.note.as_ref().map(Personal::expose);
        let note = note.filter(|_| self.has_notes);
        if note.is_some() {
            let subject = Subject::Volunteer(self.volunteer_id);
            ctx.note(Look::at(subject, FieldGroup::Notes))?;
        }
        Ok(note)
    }

    /// When it happened.
    async fn at(&self) -> DateTime<Utc> {
        self.event.at
    }
}

/// In which capacity someone acted on a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "actor_kind::ActorKind")]
pub enum PairingActor {
    /// A job or the matcher.
    System,
    /// The volunteer.
    Volunteer,
    /// A member of the organization.
    Organization,
    /// A coordinator.
    Coordinator,
}
