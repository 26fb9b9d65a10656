//! The check-ins of placements, and which placements nobody hears of.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::check_in;
use entity::id::{CheckInId, PlacementId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::error::DomainError;

/// The check-ins of each placement that has any, the latest first.
pub async fn of(
    connection: &impl ConnectionTrait,
    placements: &[PlacementId],
) -> Result<HashMap<PlacementId, Vec<check_in::Model>>, DomainError> {
    let rows = check_in::Entity::find()
        .filter(
            check_in::COLUMN
                .placement_id
                .is_in(placements.iter().copied()),
        )
        .order_by_desc(check_in::Column::AskedAt)
        .all(connection)
        .await?;
    let mut found: HashMap<PlacementId, Vec<check_in::Model>> = HashMap::new();
    for row in rows {
        found.entry(row.placement_id).or_default().push(row);
    }
    Ok(found)
}

/// Whether the last `limit` check-ins that were due by `now` all went without an answer. One that can still be answered
/// counts neither way, unless it was.
pub fn is_silent(latest_first: &[check_in::Model], limit: u32, now: DateTime<Utc>) -> bool {
    let mut over = latest_first
        .iter()
        .filter(|check_in| check_in.answered_at.is_some() || check_in.due_at <= now);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let missed = over
        .by_ref()
        .take(limit)
        .take_while(|check_in| check_in.answered_at.is_none());
    missed.count() == limit
}

pub(super) async fn load(
    connection: &impl ConnectionTrait,
    id: CheckInId,
) -> Result<check_in::Model, DomainError> {
    check_in::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)
}
