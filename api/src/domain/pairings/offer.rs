//! Putting a held pairing to both sides once its hold window is over, and reminding those who have not answered at half
//! time. Jobs call these; whatever changed since the approval is looked at again.

use entity::actor_kind::ActorKind;
use entity::id::PairingId;
use entity::organization::OrganizationState;
use entity::pairing::{self, PairingSide, PairingState};
use entity::project::ProjectState;
use entity::role::RoleState;
use entity::volunteer::VolunteerState;
use sea_orm::Set;

use super::notices;
use super::parties::{self, Parties};
use super::reason::Reason;
use super::transition::{Applied, Event, Step, apply};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::jobs::{self, expire_offer::ExpireOffer, remind_offer::RemindOffer};
use crate::store::transaction::begin_write;

/// Offers a held pairing, or closes it when it is no longer possible. Does nothing when it is not held any more.
pub async fn run(ctx: &Context, pairing_id: PairingId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, pairing_id).await?;
    let is_due = pairing
        .held_until
        .is_some_and(|held_until| held_until <= ctx.now());
    if pairing.state != PairingState::Held || !is_due {
        return Ok(());
    }
    let parties = parties::load(&*transaction, pairing).await?;
    if let Some((reason, _)) = obstacle(ctx, &parties) {
        let step = Step::new(Event::Close, ActorKind::System, reason);
        apply(ctx, &*transaction, &parties.pairing, step).await?;
        notices::ended(ctx, &*transaction, &parties, PairingState::Held, reason).await?;
        transaction.commit().await?;
        return Ok(());
    }
    let life = ctx.app.config.pairing.offer_life;
    let due_at = ctx.now() + life;
    let step = Step {
        changes: pairing::ActiveModel {
            offered_at: Set(Some(ctx.now())),
            answer_due_at: Set(Some(due_at)),
            ..Default::default()
        },
        ..Step::new(Event::Offer, ActorKind::System, Reason::Sent)
    };
    if let Applied::Moved(pairing) = apply(ctx, &*transaction, &parties.pairing, step).await? {
        let parties = Parties { pairing, ..parties };
        for side in [PairingSide::Volunteer, PairingSide::Organization] {
            notices::offer(ctx, &*transaction, &parties, side, false).await?;
        }
        let remind = RemindOffer { pairing_id };
        jobs::enqueue(&ctx.app, &*transaction, &remind, ctx.now() + life / 2).await?;
        let expire = ExpireOffer { pairing_id };
        jobs::enqueue(&ctx.app, &*transaction, &expire, due_at).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Reminds the sides that have not answered an open offer.
pub async fn remind(ctx: &Context, pairing_id: PairingId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, pairing_id).await?;
    let silent: &[PairingSide] = match pairing.state {
        PairingState::Offered => &[PairingSide::Volunteer, PairingSide::Organization],
        PairingState::VolunteerAccepted => &[PairingSide::Organization],
        PairingState::OrganizationAccepted => &[PairingSide::Volunteer],
        _ => return Ok(()),
    };
    let parties = parties::load(&*transaction, pairing).await?;
    for side in silent {
        notices::offer(ctx, &*transaction, &parties, *side, true).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// What keeps a pairing from being offered now, as the reason its end would have and in words.
pub(super) fn obstacle(ctx: &Context, parties: &Parties) -> Option<(Reason, Violation)> {
    let project_is_open = matches!(
        parties.project.state,
        ProjectState::Published | ProjectState::InProgress
    );
    if parties.organization.state != OrganizationState::Vetted {
        return Some((
            Reason::OrganizationUnavailable,
            Violation::new(
                Code::WrongState,
                "",
                "The organization is not vetted at present.",
                "L’organisme n’est pas agréé en ce moment.",
            ),
        ));
    }
    if !project_is_open || matches!(parties.role.state, RoleState::Draft | RoleState::Closed) {
        return Some((
            Reason::RoleClosed,
            Violation::new(
                Code::WrongState,
                "",
                "The role is not open.",
                "Le rôle n’est pas ouvert.",
            ),
        ));
    }
    if parties.role.filled >= parties.role.seats {
        return Some((Reason::RoleFilled, super::full()));
    }
    let is_away = match parties.volunteer.state {
        VolunteerState::Active | VolunteerState::Busy => false,
        VolunteerState::Paused => parties
            .volunteer
            .paused_until
            .is_none_or(|until| until > ctx.now().date_naive()),
        VolunteerState::Left => true,
    };
    if is_away || !parties::is_reachable(&parties.volunteer_account) {
        return Some((
            Reason::NoTime,
            Violation::new(
                Code::Gated,
                "",
                "The volunteer is not available for offers at present.",
                "La personne bénévole n’est pas disponible pour des offres en ce moment.",
            ),
        ));
    }
    None
}
