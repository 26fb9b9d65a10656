//! Placements: pairings that both sides accepted, from the agreed start to their end.

pub mod change;
pub mod list;

use entity::id::PlacementId;
use entity::placement;
use sea_orm::{ConnectionTrait, EntityTrait as _};

use crate::context::Context;
use crate::domain::pairings;
use crate::error::DomainError;

/// The placement `id`, if the actor may see its pairing.
///
/// # Errors
/// [`DomainError::NotFound`] also when there is one that the actor may not see.
pub async fn view(ctx: &Context, id: PlacementId) -> Result<placement::Model, DomainError> {
    let connection = &ctx.app.store.connection;
    let placement = load(connection, id).await?;
    pairings::view(ctx, placement.pairing_id).await?;
    Ok(placement)
}

async fn load(
    connection: &impl ConnectionTrait,
    id: PlacementId,
) -> Result<placement::Model, DomainError> {
    placement::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)
}
