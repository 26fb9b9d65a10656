//! What becomes of a claim when its request is over: the answer is kept, or the key is free again.

use entity::idempotency_key;
use entity::personal::Personal;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use crate::context::Context;
use crate::error::DomainError;
use crate::store::claim::Claim;
use crate::store::transaction::begin_write;

/// Keeps the first answer. A claim that was taken over keeps none: the answer of whoever has it now will be the first.
pub async fn keep(ctx: &Context, claim: Claim, answer: &Personal) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    idempotency_key::Entity::update_many()
        .set(idempotency_key::ActiveModel {
            answer: Set(Some(answer.clone())),
            ..Default::default()
        })
        .filter(idempotency_key::COLUMN.id.eq(claim.id))
        .filter(idempotency_key::COLUMN.claimed_at.eq(claim.at))
        .exec(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Frees the key, unless something was done under it: then its answer is lost, and whoever asks again is told that.
pub async fn let_go(ctx: &Context, claim: Claim) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::COLUMN.id.eq(claim.id))
        .filter(idempotency_key::COLUMN.claimed_at.eq(claim.at))
        .filter(idempotency_key::COLUMN.has_acted.eq(false))
        .exec(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Forgets every answer, since any may tell of somebody who is being erased. Who asks again hears that it is lost.
pub async fn forget(transaction: &impl ConnectionTrait) -> Result<(), DomainError> {
    idempotency_key::Entity::update_many()
        .set(idempotency_key::ActiveModel {
            answer: Set(None),
            ..Default::default()
        })
        .filter(idempotency_key::COLUMN.answer.is_not_null())
        .exec(transaction)
        .await?;
    Ok(())
}
