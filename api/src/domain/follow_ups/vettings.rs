//! Vettings that end soon: the organization's managers are told in time to ask for the next one.

use chrono::{DateTime, Utc};
use entity::follow_up::FollowUpKind;
use entity::id::OrganizationId;
use entity::organization::{self, OrganizationState};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{ids, note};
use crate::context::Context;
use crate::domain::organizations::mail::managers;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Notes the vettings that end soon. Returns how many notices were noted.
pub(super) async fn find(ctx: &Context) -> Result<u64, DomainError> {
    let soon = ctx.now() + ctx.app.config.follow_up.vetting_notice;
    let ending: Vec<(OrganizationId, DateTime<Utc>)> = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .column(organization::Column::VettedUntil)
        .filter(organization::COLUMN.state.eq(OrganizationState::Vetted))
        .filter(organization::COLUMN.vetted_until.gt(ctx.now()))
        .filter(organization::COLUMN.vetted_until.lte(soon))
        .order_by_asc(organization::Column::Id)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let mut noted = 0;
    for (id, ends_at) in ending {
        noted += retrying(|| async {
            let transaction = begin_write(&ctx.app.store).await?;
            let readers = ids(&managers(&*transaction, id).await?);
            let occasion = (FollowUpKind::VettingEnds, id.uuid(), ends_at);
            let noted = note(ctx, &*transaction, occasion, &readers).await?;
            transaction.commit().await?;
            Ok(noted)
        })
        .await?;
    }
    Ok(noted)
}
