//! Beginning a pairing: by a round, a coordinator, a volunteer's interest or an organization's invitation. The caller has
//! authorized it and checked the gates; that the two are not paired already is checked here, by the database.

use entity::actor_kind::ActorKind;
use entity::id::{PairingId, RoundId, VolunteerId};
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::personal::Personal;
use entity::role;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait as _, Set};

use super::reason::Reason;
use super::transition;
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};

/// A pairing to be begun.
#[derive(Clone, Debug)]
pub struct NewPairing<'a> {
    /// The role.
    pub role: &'a role::Model,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// Who begins it. It decides the first state: suggested, interested or invited.
    pub origin: PairingOrigin,
    /// The round that proposed it, if one did.
    pub round_id: Option<RoundId>,
    /// What the engine said, if it was asked.
    pub assessment: Option<Assessment>,
    /// What the volunteer wrote.
    pub message: Option<Personal>,
    /// A coordinator's note, kept with the first event.
    pub note: Option<Personal>,
}

/// What the engine says about a pairing.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Basis points, 0 to 10,000.
    pub score_bp: i32,
    /// Basis points, 0 to 10,000.
    pub confidence_bp: i32,
    /// The parts of the score. Its `reasons`, a list of `{"en": …, "fr": …}`, is what both sides are told.
    pub factors: Personal<serde_json::Value>,
    /// The engine that said it.
    pub engine_version: String,
}

/// Stores a new pairing and its first event on the caller's transaction. `None` when the two have a live pairing
/// already: the transaction stays usable, and nothing was changed.
pub async fn create(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    new: NewPairing<'_>,
) -> Result<Option<pairing::Model>, DomainError> {
    let (state, actor, reason) = match new.origin {
        PairingOrigin::Matcher => (PairingState::Suggested, ActorKind::System, Reason::Proposed),
        PairingOrigin::Coordinator => (
            PairingState::Suggested,
            ActorKind::Coordinator,
            Reason::Proposed,
        ),
        PairingOrigin::Volunteer => (
            PairingState::Interested,
            ActorKind::Volunteer,
            Reason::Interested,
        ),
        PairingOrigin::Organization => (
            PairingState::Invited,
            ActorKind::Organization,
            Reason::Invited,
        ),
    };
    let id = PairingId::new(ctx.app.new_id());
    let now = ctx.now();
    let (score_bp, confidence_bp, factors, engine_version) = match new.assessment {
        Some(said) => (
            Some(said.score_bp),
            Some(said.confidence_bp),
            Some(said.factors),
            Some(said.engine_version),
        ),
        None => (None, None, None, None),
    };
    let inserted = pairing::Entity::insert(pairing::ActiveModel {
        id: Set(id),
        role_id: Set(new.role.id),
        volunteer_id: Set(new.volunteer_id),
        organization_id: Set(new.role.organization_id),
        round_id: Set(new.round_id),
        origin: Set(new.origin),
        state: Set(state),
        score_bp: Set(score_bp),
        confidence_bp: Set(confidence_bp),
        factors: Set(factors),
        engine_version: Set(engine_version),
        message: Set(new.message),
        reason_code: Set(None),
        declined_by: Set(None),
        approved_by: Set(None),
        held_until: Set(None),
        offered_at: Set(None),
        answer_due_at: Set(None),
        reminded_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    })
    // An error would end a PostgreSQL transaction; a conflict with the index of live pairings must not.
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(transaction)
    .await?;
    if inserted == 0 {
        return Ok(None);
    }
    let pairing = super::load(transaction, id).await?;
    transition::record(
        ctx,
        transaction,
        &pairing,
        None,
        state,
        (actor, reason, new.note),
    )
    .await?;
    Ok(Some(pairing))
}

/// What to tell someone who wants to pair two that are paired already.
pub fn already_exists(field: &str) -> Violation {
    Violation::new(
        Code::AlreadyExists,
        field,
        "This volunteer and this role are paired already.",
        "Cette personne bénévole et ce rôle sont déjà jumelés.",
    )
}
