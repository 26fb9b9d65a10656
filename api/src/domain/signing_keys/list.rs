//! The keys there are, for the operator.

use entity::signing_key;
use sea_orm::{ConnectionTrait, EntityTrait as _, QueryOrder as _};

use crate::error::DomainError;

/// All keys, the latest change last.
///
/// # Errors
/// When the database fails.
pub async fn run(
    connection: &impl ConnectionTrait,
) -> Result<Vec<signing_key::Model>, DomainError> {
    Ok(signing_key::Entity::find()
        .order_by_asc(signing_key::Column::ChangedAt)
        .order_by_asc(signing_key::Column::State)
        .all(connection)
        .await?)
}
