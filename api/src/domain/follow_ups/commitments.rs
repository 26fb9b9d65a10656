//! Placements that end soon: both sides are told twice, to hand over or to go on.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::follow_up::FollowUpKind;
use entity::id::PlacementId;
use entity::placement::{self, PlacementState};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{ids, note};
use crate::config::FollowUpConfig;
use crate::context::Context;
use crate::domain::pairings::{self, parties};
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Notes the placements that end soon. Returns how many notices were noted.
pub(super) async fn find(ctx: &Context) -> Result<u64, DomainError> {
    let settings = &ctx.app.config.follow_up;
    let today = ctx.now().date_naive();
    let last = (ctx.now() + settings.first_commitment_notice).date_naive();
    let ending: Vec<PlacementId> = placement::Entity::find()
        .select_only()
        .column(placement::Column::Id)
        .filter(
            placement::COLUMN
                .state
                .is_in(PlacementState::LIVE.iter().copied()),
        )
        .filter(placement::COLUMN.ends_on.gte(today))
        .filter(placement::COLUMN.ends_on.lte(last))
        .order_by_asc(placement::Column::Id)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let mut noted = 0;
    for id in ending {
        noted += retrying(|| note_end(ctx, id)).await?;
    }
    Ok(noted)
}

async fn note_end(ctx: &Context, id: PlacementId) -> Result<u64, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let placement = placement::Entity::find_by_id(id)
        .filter(
            placement::COLUMN
                .state
                .is_in(PlacementState::LIVE.iter().copied()),
        )
        .one(&*transaction)
        .await?;
    let Some(placement) = placement else {
        return Ok(0);
    };
    let due_at = placement
        .ends_on
        .and_then(|ends_on| notice_due(&ctx.app.config.follow_up, ends_on, ctx.now()));
    let Some(due_at) = due_at else {
        return Ok(0);
    };
    let pairing = pairings::load(&*transaction, placement.pairing_id).await?;
    let parties = parties::load(&*transaction, pairing).await?;
    let mut readers = ids(&parties.representatives);
    readers.push(parties.volunteer_account.id);
    let occasion = (FollowUpKind::CommitmentEnds, id.uuid(), due_at);
    let noted = note(ctx, &*transaction, occasion, &readers).await?;
    transaction.commit().await?;
    Ok(noted)
}

/// The moment since which a notice is due for a placement whose last day is `ends_on`: that of the last notice when its time
/// has come, so that whoever could not be told in time is told once and not twice. Days are those of UTC.
fn notice_due(
    settings: &FollowUpConfig,
    ends_on: NaiveDate,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let end = ends_on.and_time(NaiveTime::MIN).and_utc();
    [
        settings.last_commitment_notice,
        settings.first_commitment_notice,
    ]
    .into_iter()
    .map(|before: TimeDelta| end - before)
    .find(|due_at| *due_at <= now)
}
