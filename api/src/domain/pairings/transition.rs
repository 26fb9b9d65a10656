//! The one place where a pairing goes from a state to the next: a pure function over state, event and actor, and its
//! guarded application. Nothing else writes `pairing.state`.
//!
//! It decides what is possible, not who may: policies do that first. A repeated event is answered "already so".

use entity::actor_kind::ActorKind;
use entity::id::PairingEventId;
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use entity::personal::Personal;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QuerySelect as _, Set,
};

use super::reason::Reason;
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::store::constraint;

/// What can happen to a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A coordinator says yes.
    Approve,
    /// It waits until it is sent.
    Hold,
    /// It goes out to both sides.
    Offer,
    /// A side says yes.
    Accept,
    /// A side says no.
    Decline,
    /// The side that said no takes that back; the pairing stands again where it stood.
    UndoDecline {
        /// The state before the decline.
        back_to: PairingState,
    },
    /// Whoever started it takes it back before it went out.
    Withdraw,
    /// A coordinator says no.
    Reject,
    /// The deadline passed.
    Expire,
    /// A coordinator takes it back after saying yes.
    Recall,
    /// Its role or project looks for nobody any more.
    Close,
    /// Another pairing took the seat or the person.
    Supersede,
    /// The yes of the one side that gave it no longer holds; that side is asked again.
    Lapse,
    /// The placement that came of it is over.
    Conclude,
}

/// What an event means for a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It moves on.
    To(PairingState),
    /// It is where the event leads, or beyond.
    AlreadySo,
    /// The event is not possible here.
    Refused,
}

/// Where `event`, brought about by `actor`, leads from `from`. Total: every combination has an answer.
pub const fn next(from: PairingState, event: Event, actor: ActorKind) -> Next {
    use ActorKind::{Coordinator, Organization, System, Volunteer};
    use Next::{AlreadySo, Refused, To};
    use PairingState::{
        Approved, Concluded, Confirmed, Declined, Expired, Held, Interested, Invited, Offered,
        OrganizationAccepted, Recalled, Rejected, Suggested, Superseded, VolunteerAccepted,
        Withdrawn,
    };
    match (event, actor) {
        (Event::Approve, Coordinator) => match from {
            Suggested | Interested | Invited => To(Approved),
            Approved | Held | Offered | VolunteerAccepted | OrganizationAccepted | Confirmed => {
                AlreadySo
            }
            _ => Refused,
        },
        (Event::Reject, Coordinator) => match from {
            Suggested | Interested | Invited => To(Rejected),
            Rejected => AlreadySo,
            _ => Refused,
        },
        (Event::Hold, System | Coordinator) => match from {
            Approved => To(Held),
            Held => AlreadySo,
            _ => Refused,
        },
        (Event::Offer, System) => match from {
            Held => To(Offered),
            Offered | VolunteerAccepted | OrganizationAccepted | Confirmed => AlreadySo,
            _ => Refused,
        },
        (Event::Accept, Volunteer) => match from {
            Offered => To(VolunteerAccepted),
            OrganizationAccepted => To(Confirmed),
            VolunteerAccepted | Confirmed => AlreadySo,
            _ => Refused,
        },
        (Event::Accept, Organization) => match from {
            Offered => To(OrganizationAccepted),
            VolunteerAccepted => To(Confirmed),
            OrganizationAccepted | Confirmed => AlreadySo,
            _ => Refused,
        },
        // A volunteer may decline an invitation, an organization an application, before a coordinator saw it.
        (Event::Decline, Volunteer) => match from {
            Invited | Offered | VolunteerAccepted | OrganizationAccepted => To(Declined),
            Declined => AlreadySo,
            _ => Refused,
        },
        (Event::Decline, Organization) => match from {
            Interested | Offered | VolunteerAccepted | OrganizationAccepted => To(Declined),
            Declined => AlreadySo,
            _ => Refused,
        },
        (Event::UndoDecline { back_to }, Volunteer | Organization) => match (from, back_to) {
            (
                Declined,
                Interested | Invited | Offered | VolunteerAccepted | OrganizationAccepted,
            ) => To(back_to),
            (
                Interested | Invited | Offered | VolunteerAccepted | OrganizationAccepted
                | Confirmed,
                _,
            ) => AlreadySo,
            _ => Refused,
        },
        (Event::Withdraw, Volunteer) => match from {
            Interested | Approved | Held => To(Withdrawn),
            Withdrawn => AlreadySo,
            _ => Refused,
        },
        (Event::Withdraw, Organization) => match from {
            Invited | Approved | Held => To(Withdrawn),
            Withdrawn => AlreadySo,
            _ => Refused,
        },
        (Event::Expire, System) => match from {
            Offered | VolunteerAccepted | OrganizationAccepted => To(Expired),
            Expired => AlreadySo,
            _ => Refused,
        },
        (Event::Recall, Coordinator | System) => match from {
            Approved | Held | Offered | VolunteerAccepted | OrganizationAccepted => To(Recalled),
            Recalled => AlreadySo,
            _ => Refused,
        },
        (Event::Close, Organization | Coordinator | System) => match from {
            Suggested | Interested | Invited | Approved | Held | Offered | VolunteerAccepted
            | OrganizationAccepted => To(Recalled),
            Confirmed => Refused,
            Rejected | Declined | Withdrawn | Expired | Recalled | Superseded | Concluded => {
                AlreadySo
            }
        },
        (Event::Supersede, System) => match from {
            Suggested | Interested | Invited | Approved | Held | Offered | VolunteerAccepted
            | OrganizationAccepted => To(Superseded),
            Superseded => AlreadySo,
            _ => Refused,
        },
        (Event::Lapse, System) => match from {
            VolunteerAccepted | OrganizationAccepted => To(Offered),
            Offered => AlreadySo,
            _ => Refused,
        },
        (Event::Conclude, Organization | Coordinator | System) => match from {
            Confirmed => To(Concluded),
            Concluded => AlreadySo,
            _ => Refused,
        },
        _ => Refused,
    }
}

/// An event with all that is stored of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happens.
    pub event: Event,
    /// In which capacity the actor acts; the account is the context's.
    pub actor: ActorKind,
    /// Why.
    pub reason: Reason,
    /// More about why, as the actor wrote it.
    pub note: Option<Personal>,
    /// Further columns to set; state, version, reason and time are set here.
    pub changes: pairing::ActiveModel,
}

impl Step {
    /// A step without a note and without further changes.
    pub fn new(event: Event, actor: ActorKind, reason: Reason) -> Self {
        Self {
            event,
            actor,
            reason,
            note: None,
            changes: <pairing::ActiveModel as Default>::default(),
        }
    }
}

/// What became of a step.
#[derive(Clone, Debug)]
pub enum Applied {
    /// The pairing as it is now.
    Moved(pairing::Model),
    /// Nothing changed: the pairing had been there already.
    AlreadySo(pairing::Model),
}

impl Applied {
    /// The pairing, either way.
    pub fn into_pairing(self) -> pairing::Model {
        match self {
            Self::Moved(pairing) | Self::AlreadySo(pairing) => pairing,
        }
    }
}

/// Applies a step to a pairing that was read in this transaction, and writes its event.
///
/// # Errors
/// A [`Code::WrongState`] violation when the step is not possible; [`DomainError::Retry`] when another transaction
/// moved the pairing since it was read, so that the caller decides anew over what is there now;
/// [`Code::AlreadyExists`] when a decline cannot be undone because the two were paired again since.
pub async fn apply(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
    step: Step,
) -> Result<Applied, DomainError> {
    let to = match next(pairing.state, step.event, step.actor) {
        Next::To(to) => to,
        Next::AlreadySo => return Ok(Applied::AlreadySo(pairing.clone())),
        Next::Refused => return Err(wrong_state(pairing.state).into()),
    };
    let is_over = !PairingState::LIVE.contains(&to);
    let changed = pairing::Entity::update_many()
        .set(pairing::ActiveModel {
            state: Set(to),
            version: Set(pairing.version + 1),
            reason_code: Set(is_over.then(|| step.reason.as_str().to_owned())),
            updated_at: Set(ctx.now()),
            ..step.changes
        })
        .filter(pairing::COLUMN.id.eq(pairing.id))
        .filter(pairing::COLUMN.state.eq(pairing.state))
        .filter(pairing::COLUMN.version.eq(pairing.version))
        .exec(transaction)
        .await
        .map_err(|error| already_exists_or(error, pairing))?;
    if changed.rows_affected == 0 {
        return Err(DomainError::Retry(DbErr::RecordNotUpdated));
    }
    record(
        ctx,
        transaction,
        pairing,
        Some(pairing.state),
        to,
        (step.actor, step.reason, step.note),
    )
    .await?;
    let moved = super::load(transaction, pairing.id).await?;
    Ok(Applied::Moved(moved))
}

/// Writes the event of a step; the pairing's row is locked by its update (or new), so the sequence has no rival.
pub(super) async fn record(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
    from: Option<PairingState>,
    to: PairingState,
    (actor_kind, reason, note): (ActorKind, Reason, Option<Personal>),
) -> Result<(), DomainError> {
    let last: Option<Option<i32>> = pairing_event::Entity::find()
        .select_only()
        .column_as(Expr::col(pairing_event::Column::Sequence).max(), "last")
        .filter(pairing_event::COLUMN.pairing_id.eq(pairing.id))
        .into_tuple()
        .one(transaction)
        .await?;
    pairing_event::ActiveModel {
        id: Set(PairingEventId::new(ctx.app.new_id())),
        pairing_id: Set(pairing.id),
        sequence: Set(last.flatten().unwrap_or_default() + 1),
        from_state: Set(from),
        to_state: Set(to),
        actor_kind: Set(actor_kind),
        actor_account_id: Set(ctx.actor.account_id()),
        reason_code: Set(reason.as_str().to_owned()),
        note: Set(note),
        at: Set(ctx.now()),
    }
    .insert(transaction)
    .await?;
    Ok(())
}

fn already_exists_or(error: DbErr, pairing: &pairing::Model) -> DomainError {
    let columns = ["role_id", "volunteer_id"];
    if constraint::is_unique_violation(&error, "uq_pairing_live", "pairing", &columns) {
        tracing::debug!(pairing = %pairing.id, "the two were paired again since");
        super::create::already_exists("").into()
    } else {
        error.into()
    }
}

/// Says that a pairing's state does not allow what was asked, and what that state is.
pub fn wrong_state(state: PairingState) -> Violation {
    let (en, fr) = match state {
        PairingState::Suggested => ("is a suggestion", "est une suggestion"),
        PairingState::Interested => ("is an application", "est une candidature"),
        PairingState::Invited => ("is an invitation", "est une invitation"),
        PairingState::Approved => ("was approved", "a été approuvé"),
        PairingState::Held => ("waits to be sent", "attend d’être envoyé"),
        PairingState::Offered => (
            "was offered to both sides",
            "a été proposé aux deux parties",
        ),
        PairingState::VolunteerAccepted => (
            "was accepted by the volunteer",
            "a été accepté par la personne bénévole",
        ),
        PairingState::OrganizationAccepted => (
            "was accepted by the organization",
            "a été accepté par l’organisme",
        ),
        PairingState::Confirmed => (
            "was accepted by both sides",
            "a été accepté par les deux parties",
        ),
        PairingState::Rejected => ("was rejected", "a été refusé par la coordination"),
        PairingState::Declined => ("was declined", "a été décliné"),
        PairingState::Withdrawn => ("was withdrawn", "a été retiré"),
        PairingState::Expired => ("has expired", "est expiré"),
        PairingState::Recalled => ("was recalled", "a été rappelé"),
        PairingState::Superseded => (
            "has given way to another pairing",
            "a cédé la place à un autre jumelage",
        ),
        PairingState::Concluded => ("is over", "est terminé"),
    };
    Violation::new(
        Code::WrongState,
        "",
        format!("This pairing {en}, so this can no longer be done."),
        format!("Ce jumelage {fr}; cette action n’est donc plus possible."),
    )
}

#[cfg(test)]
mod tests;
