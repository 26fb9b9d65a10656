//! A pairing's life: from a suggestion, an interest or an invitation to a placement, or to an end with a true reason.
//!
//! States change in [`transition`] only.

pub mod create;
pub mod reason;
pub mod transition;

use entity::id::PairingId;
use entity::pairing;
use sea_orm::{ConnectionTrait, EntityTrait as _};

use crate::error::DomainError;

/// The pairing `id`.
///
/// # Errors
/// [`DomainError::NotFound`] when there is none.
pub async fn load(
    connection: &impl ConnectionTrait,
    id: PairingId,
) -> Result<pairing::Model, DomainError> {
    pairing::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)
}
