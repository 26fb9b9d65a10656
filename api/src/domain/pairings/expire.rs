//! The deadline of an offer has passed: it ends, and both sides hear so. A volunteer who has let too many pass gets no more
//! for now. A job calls this.

use chrono::{DateTime, Utc};
use entity::actor_kind::ActorKind;
use entity::id::PairingId;
use entity::pairing::PairingState;

use super::reason::Reason;
use super::transition::{Applied, Event, Step, apply};
use super::{notices, parties};
use crate::context::Context;
use crate::domain::follow_ups::silence;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// Expires an offer that is open past its deadline. Does nothing when it was answered by both or ended. The moment to
/// come back at when it is not due, as after the clock was put back.
pub async fn run(
    ctx: &Context,
    pairing_id: PairingId,
) -> Result<Option<DateTime<Utc>>, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, pairing_id).await?;
    let is_open = matches!(
        pairing.state,
        PairingState::Offered
            | PairingState::VolunteerAccepted
            | PairingState::OrganizationAccepted
    );
    let Some(due_at) = pairing.answer_due_at.filter(|_| is_open) else {
        return Ok(None);
    };
    if due_at > ctx.now() {
        return Ok(Some(due_at));
    }
    let before = pairing.state;
    let step = Step::new(Event::Expire, ActorKind::System, Reason::NoAnswer);
    if let Applied::Moved(pairing) = apply(ctx, &*transaction, &pairing, step).await? {
        let parties = parties::load(&*transaction, pairing).await?;
        notices::expired(ctx, &*transaction, &parties, before).await?;
        if before != PairingState::VolunteerAccepted {
            silence::pause_if_silent(ctx, &*transaction, &parties.volunteer).await?;
        }
    }
    transaction.commit().await?;
    Ok(None)
}
