//! A pairing's life: from a suggestion, an interest or an invitation to a placement, or to an end with a true reason.
//!
//! States change in [`transition`] only. Seats are taken in `confirm` only, by one guarded statement.

pub mod accept;
pub mod answer_link;
pub mod approve;
pub mod clash;
pub mod close_role;
mod confirm;
pub mod create;
pub mod decline;
pub mod expire;
mod give_way;
pub mod introduce;
pub mod leave;
pub mod list;
pub mod notices;
mod obstacle;
pub mod offer;
pub mod parties;
pub mod pause_volunteer;
mod pending;
pub mod reason;
pub mod recall;
pub mod reject;
pub mod representative;
pub mod reserve;
pub mod transition;
pub mod undo_decline;
pub mod withdraw;

use entity::actor_kind::ActorKind;
use entity::id::PairingId;
use entity::pairing::{self, PairingSide};
use entity::personal::Personal;
use sea_orm::{ConnectionTrait, EntityTrait as _};

pub(in crate::domain) use self::give_way::open_states;
pub(in crate::domain) use self::obstacle::hold;
use crate::actor::Actor;
use crate::context::Context;
use crate::domain::text::personal_violation;
use crate::error::{Code, DomainError, Violation};
use crate::policy::pairing::{PairingAction, decide};

/// The longest note beside a decision, in characters.
const MAX_NOTE: usize = 2000;

/// The pairing `id`.
///
/// # Errors
/// [`DomainError::NotFound`] when there is none.
pub async fn load(
    connection: &impl ConnectionTrait,
    id: PairingId,
) -> Result<pairing::Model, DomainError> {
    pairing::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)
}

/// The pairing `id`, if the actor may see it.
///
/// # Errors
/// [`DomainError::NotFound`] also when there is one that the actor may not see; [`DomainError::Unauthenticated`] for who
/// is not logged in, whether there is one or not.
pub async fn view(ctx: &Context, id: PairingId) -> Result<pairing::Model, DomainError> {
    ctx.person()?;
    let pairing = load(&ctx.app.store.connection, id).await?;
    decide(&ctx.actor, PairingAction::View, &(&pairing).into()).require()?;
    Ok(pairing)
}

/// The side for which the actor answers a pairing; a volunteer answers for oneself first.
///
/// # Errors
/// What the policy says to someone who answers for neither.
pub fn own_side(ctx: &Context, pairing: &pairing::Model) -> Result<PairingSide, DomainError> {
    let may = |side| decide(&ctx.actor, side_action(side), &pairing.into());
    if may(PairingSide::Volunteer).is_allowed() {
        return Ok(PairingSide::Volunteer);
    }
    may(PairingSide::Organization).require()?;
    Ok(PairingSide::Organization)
}

/// What is wrong with a note beside a decision.
pub(in crate::domain) fn note_violation(note: Option<&Personal>) -> Option<Violation> {
    personal_violation(note, "note", MAX_NOTE)
}

const fn side_action(side: PairingSide) -> PairingAction {
    match side {
        PairingSide::Volunteer => PairingAction::AnswerAsVolunteer,
        PairingSide::Organization => PairingAction::AnswerAsOrganization,
    }
}

const fn side_actor(side: PairingSide) -> ActorKind {
    match side {
        PairingSide::Volunteer => ActorKind::Volunteer,
        PairingSide::Organization => ActorKind::Organization,
    }
}

/// In which capacity the actor decides when it is for neither side in particular.
pub(in crate::domain) fn acting_as(ctx: &Context) -> ActorKind {
    match &ctx.actor {
        actor if actor.is_staff() => ActorKind::Coordinator,
        Actor::Person(_) => ActorKind::Organization,
        Actor::System | Actor::Anonymous => ActorKind::System,
    }
}

fn version_violation(expected: Option<i32>, actual: i32, field: &str) -> Option<Violation> {
    expected.filter(|expected| *expected != actual).map(|_| {
        Violation::new(
            Code::Stale,
            field,
            "Someone changed this pairing since you read it; read it again.",
            "Quelqu’un a modifié ce jumelage depuis que vous l’avez lu; relisez-le.",
        )
    })
}

fn full() -> Violation {
    Violation::new(
        Code::Full,
        "",
        "All seats of this role are taken.",
        "Toutes les places de ce rôle sont prises.",
    )
}
