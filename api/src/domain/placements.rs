//! Placements: pairings that both sides accepted, from the agreed start to their end.

pub mod answer_check_in;
pub mod change;
pub mod check_ins;
pub mod conflicts;
pub mod list;
pub mod meetings;

use entity::id::PlacementId;
use entity::placement;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, Set};

use crate::context::Context;
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

/// Changes a placement that was read in this transaction, and gives it back as it is then; version and time are set here.
///
/// # Errors
/// [`DomainError::Retry`] when another transaction changed it since it was read.
async fn update(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    before: &placement::Model,
    changes: placement::ActiveModel,
) -> Result<placement::Model, DomainError> {
    let changed = placement::Entity::update_many()
        .set(placement::ActiveModel {
            version: Set(before.version + 1),
            updated_at: Set(ctx.now()),
            ..changes
        })
        .filter(placement::COLUMN.id.eq(before.id))
        .filter(placement::COLUMN.state.eq(before.state))
        .filter(placement::COLUMN.version.eq(before.version))
        .exec(transaction)
        .await?;
    if changed.rows_affected == 0 {
        return Err(DomainError::Retry(DbErr::RecordNotUpdated));
    }
    load(transaction, before.id).await
}
