//! Placements: pairings that both sides accepted, from the agreed start to their end.

pub mod answer_check_in;
pub mod change;
pub mod check_ins;
pub mod list;
pub mod meetings;

use entity::id::PlacementId;
use entity::placement;
use sea_orm::{ConnectionTrait, EntityTrait as _};

use crate::error::DomainError;

async fn load(
    connection: &impl ConnectionTrait,
    id: PlacementId,
) -> Result<placement::Model, DomainError> {
    placement::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)
}
