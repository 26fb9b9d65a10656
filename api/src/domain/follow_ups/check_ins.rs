//! Asking placed volunteers how it goes, at regular intervals from the first day on.

use chrono::{DateTime, NaiveTime, Utc};
use entity::follow_up::FollowUpKind;
use entity::id::{CheckInId, PlacementId};
use entity::placement::{self, PlacementState};
use entity::{check_in, volunteer};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};

use super::note;
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Begins the check-ins that are due. Returns how many there were.
pub(super) async fn find(ctx: &Context) -> Result<u64, DomainError> {
    let begun = (ctx.now() - ctx.app.config.follow_up.check_in).date_naive();
    let candidates: Vec<PlacementId> = placement::Entity::find()
        .select_only()
        .column(placement::Column::Id)
        .filter(under_way(ctx.now()))
        // Each began before this, by its first day or by its agreement.
        .filter(
            Condition::any()
                .add(placement::COLUMN.starts_on.is_null())
                .add(placement::COLUMN.starts_on.lte(begun)),
        )
        .order_by_asc(placement::Column::Id)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let mut begun = 0;
    for id in candidates {
        begun += u64::from(retrying(|| begin(ctx, id)).await?);
    }
    Ok(begun)
}

/// Whether the work should be under way: it was said to have begun, or its first day has come.
fn under_way(now: DateTime<Utc>) -> Condition {
    let today = now.date_naive();
    let has_begun = Condition::any()
        .add(placement::COLUMN.state.eq(PlacementState::Active))
        .add(
            Condition::all()
                .add(placement::COLUMN.state.eq(PlacementState::PendingStart))
                .add(placement::COLUMN.starts_on.lte(today)),
        );
    let is_not_over = Condition::any()
        .add(placement::COLUMN.ends_on.is_null())
        .add(placement::COLUMN.ends_on.gt(today));
    Condition::all().add(has_begun).add(is_not_over)
}

async fn begin(ctx: &Context, id: PlacementId) -> Result<bool, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    // Locked: of two nodes the second finds the question that the first has asked.
    let Some(placement) = placement::Entity::find_by_id(id)
        .filter(under_way(ctx.now()))
        .lock_exclusive()
        .one(&*transaction)
        .await?
    else {
        return Ok(false);
    };
    let since = last_asked(&*transaction, id)
        .await?
        .unwrap_or_else(|| first_day(&placement));
    let settings = &ctx.app.config.follow_up;
    if ctx.now() < since + settings.check_in {
        return Ok(false);
    }
    let check_in_id = CheckInId::new(ctx.app.new_id());
    check_in::ActiveModel {
        id: Set(check_in_id),
        placement_id: Set(id),
        volunteer_id: Set(placement.volunteer_id),
        asked_at: Set(ctx.now()),
        due_at: Set(ctx.now() + settings.check_in_answer),
        answered_at: Set(None),
        answer: Set(None),
        note: Set(None),
    }
    .insert(&*transaction)
    .await?;
    let volunteer = volunteer::Entity::find_by_id(placement.volunteer_id)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    let occasion = (FollowUpKind::CheckIn, check_in_id.uuid(), ctx.now());
    note(ctx, &*transaction, occasion, &[volunteer.account_id]).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn last_asked(
    connection: &impl ConnectionTrait,
    id: PlacementId,
) -> Result<Option<DateTime<Utc>>, DomainError> {
    let last = check_in::Entity::find()
        .filter(check_in::COLUMN.placement_id.eq(id))
        .order_by_desc(check_in::Column::AskedAt)
        .one(connection)
        .await?;
    Ok(last.map(|check_in| check_in.asked_at))
}

/// The first day, or that of the agreement when it is later.
fn first_day(placement: &placement::Model) -> DateTime<Utc> {
    let starts_at = placement
        .starts_on
        .map(|day| day.and_time(NaiveTime::MIN).and_utc());
    starts_at.map_or(placement.created_at, |at| at.max(placement.created_at))
}
