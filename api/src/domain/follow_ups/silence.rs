//! A volunteer who lets offer after offer expire: they are proposed no more until they say that they are still there. Nobody
//! else is told, and nothing of it enters a score.

use chrono::{DateTime, Utc};
use entity::actor_kind::ActorKind;
use entity::follow_up::FollowUpKind;
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use entity::volunteer::{self, VolunteerState};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};

use super::note;
use crate::context::Context;
use crate::domain::volunteers::set_state;
use crate::error::DomainError;

/// Pauses a volunteer whose offer has just expired without an answer of theirs, when it was one too many. The expiry is
/// written on this transaction already.
///
/// # Errors
/// [`DomainError::Retry`] when the profile was changed at the same moment.
pub(in crate::domain) async fn pause_if_silent(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    volunteer: &volunteer::Model,
) -> Result<(), DomainError> {
    if !set_state::is_seeking(volunteer, ctx.now().date_naive()) {
        return Ok(());
    }
    let limit = u64::from(ctx.app.config.follow_up.expired_offers);
    if unanswered(transaction, volunteer).await? < limit {
        return Ok(());
    }
    let paused = volunteer::Entity::update_many()
        .set(volunteer::ActiveModel {
            state: Set(VolunteerState::Paused),
            paused_until: Set(None),
            version: Set(volunteer.version + 1),
            updated_at: Set(ctx.now()),
            ..Default::default()
        })
        .filter(volunteer::COLUMN.id.eq(volunteer.id))
        .filter(volunteer::COLUMN.version.eq(volunteer.version))
        .exec(transaction)
        .await?;
    if paused.rows_affected == 0 {
        return Err(DomainError::Retry(DbErr::RecordNotUpdated));
    }
    let occasion = (FollowUpKind::StillThere, volunteer.id.uuid(), ctx.now());
    note(ctx, transaction, occasion, &[volunteer.account_id]).await?;
    Ok(())
}

/// Whether a profile is paused for silence: without an end, which nobody can set by hand.
pub fn is_paused(volunteer: &volunteer::Model) -> bool {
    volunteer.state == VolunteerState::Paused && volunteer.paused_until.is_none()
}

/// How many offers the volunteer has let expire since they were last heard of: by an answer, or by changing their profile.
async fn unanswered(
    connection: &impl ConnectionTrait,
    volunteer: &volunteer::Model,
) -> Result<u64, DomainError> {
    let last_answer: Option<DateTime<Utc>> = pairing_event::Entity::find()
        .select_only()
        .column(pairing_event::Column::At)
        .inner_join(pairing::Entity)
        .filter(pairing::COLUMN.volunteer_id.eq(volunteer.id))
        .filter(pairing_event::COLUMN.actor_kind.eq(ActorKind::Volunteer))
        .order_by_desc(pairing_event::Column::At)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    let heard_of = volunteer.last_active_at;
    let heard_of = last_answer.map_or(heard_of, |at| at.max(heard_of));
    Ok(pairing_event::Entity::find()
        .inner_join(pairing::Entity)
        .filter(pairing::COLUMN.volunteer_id.eq(volunteer.id))
        .filter(pairing_event::COLUMN.to_state.eq(PairingState::Expired))
        // Where they had accepted, the organization was silent.
        .filter(
            pairing_event::COLUMN
                .from_state
                .is_in([PairingState::Offered, PairingState::OrganizationAccepted]),
        )
        .filter(pairing_event::COLUMN.at.gt(heard_of))
        .count(connection)
        .await?)
}
