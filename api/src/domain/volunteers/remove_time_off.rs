//! Taking back days on which one meant to be away.

use entity::id::TimeOffId;
use entity::{time_off, volunteer};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{load_own, touch};
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// Removes a stretch of days from the actor's profile; one of somebody else's is not found.
pub async fn run(ctx: &Context, id: TimeOffId) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let transaction = begin_write(&ctx.app.store).await?;
    let removed = time_off::Entity::delete_many()
        .filter(time_off::Column::Id.eq(id))
        .filter(time_off::COLUMN.volunteer_id.eq(before.id))
        .exec(&*transaction)
        .await?;
    if removed.rows_affected == 0 {
        return Err(DomainError::NotFound);
    }
    let volunteer = touch(ctx, &*transaction, &before, None).await?;
    transaction.commit().await?;
    Ok(volunteer)
}
