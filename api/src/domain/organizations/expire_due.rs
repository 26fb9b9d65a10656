//! Ending vettings whose time has run out. Until this has run, policies count them as ended all the same.

use entity::id::OrganizationId;
use entity::organization::{self, OrganizationState};
use entity::vetting_record::{self, VettingDecision};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::review::{self, Record};
use super::transition::{self, Event, Outcome};
use crate::actor::Actor;
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Ends every vetting that is due and returns how many there were. For the marketplace itself only.
///
/// # Errors
/// [`DomainError::Forbidden`] for people.
pub async fn run(ctx: &Context) -> Result<u64, DomainError> {
    if ctx.actor != Actor::System {
        return Err(DomainError::Forbidden);
    }
    let due: Vec<OrganizationId> = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .filter(organization::COLUMN.state.eq(OrganizationState::Vetted))
        .filter(organization::COLUMN.vetted_until.lte(ctx.now()))
        .order_by_asc(organization::Column::Id)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let mut ended = 0;
    for id in due {
        ended += u64::from(retrying(|| expire(ctx, id)).await?);
    }
    Ok(ended)
}

/// False when it was extended, or ended by another worker, meanwhile.
async fn expire(ctx: &Context, id: OrganizationId) -> Result<bool, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let Some(organization) = organization::Entity::find_by_id(id)
        .filter(organization::COLUMN.state.eq(OrganizationState::Vetted))
        .filter(organization::COLUMN.vetted_until.lte(ctx.now()))
        .one(&*transaction)
        .await?
    else {
        return Ok(false);
    };
    let nothing_else = organization::ActiveModel::default();
    let outcome = transition::apply(
        ctx,
        &*transaction,
        organization,
        Event::Expire,
        None,
        nothing_else,
    )
    .await?;
    let Outcome::Changed(organization) = outcome else {
        return Ok(false);
    };
    // The end was decided together with the vetting: by the same person, on the same evidence.
    let vetting = vetting_record::Entity::find()
        .filter(vetting_record::COLUMN.organization_id.eq(id))
        .filter(vetting_record::COLUMN.decision.eq(VettingDecision::Vetted))
        .order_by_desc(vetting_record::Column::DecidedAt)
        .order_by_desc(vetting_record::Column::Id)
        .one(&*transaction)
        .await?;
    if let Some(vetting) = vetting {
        let record = Record {
            decision: VettingDecision::Expired,
            evidence: &vetting.evidence,
            note: None,
            expires_at: organization.vetted_until,
        };
        review::add_record(ctx, &*transaction, id, vetting.decided_by, record).await?;
    }
    transaction.commit().await?;
    Ok(true)
}
