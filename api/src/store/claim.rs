//! The claim under which a request writes: that it wrote becomes durable with what it wrote, whatever becomes of its answer.
//!
//! A claim holds for the task that runs within [`under`]. Every write transaction that commits there marks it; one whose claim
//! was taken over by a later request does not commit.

use std::future::Future;

use chrono::{DateTime, Utc};
use entity::id::IdempotencyKeyId;
use entity::idempotency_key;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, Set};

tokio::task_local! {
    static CLAIM: Option<Claim>;
}

/// A row of `idempotency_key`, as it was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The row.
    pub id: IdempotencyKeyId,
    /// When; a later claim on the same row ends this one.
    pub at: DateTime<Utc>,
}

/// Runs `work` under a claim.
pub async fn under<F: Future>(claim: Claim, work: F) -> F::Output {
    CLAIM.scope(Some(claim), work).await
}

/// Runs `work` that is no part of what was claimed, such as noting who read what.
pub async fn aside<F: Future>(work: F) -> F::Output {
    CLAIM.scope(None, work).await
}

/// Marks the claim under which this runs, if there is one.
///
/// # Errors
/// [`DbErr::RecordNotUpdated`] when a later request took it over.
pub(super) async fn mark(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    let Some(claim) = CLAIM.try_with(|claim| *claim).ok().flatten() else {
        return Ok(());
    };
    let marked = idempotency_key::Entity::update_many()
        .set(idempotency_key::ActiveModel {
            has_acted: Set(true),
            ..Default::default()
        })
        .filter(idempotency_key::COLUMN.id.eq(claim.id))
        .filter(idempotency_key::COLUMN.claimed_at.eq(claim.at))
        .exec(transaction)
        .await?;
    if marked.rows_affected == 0 {
        return Err(DbErr::RecordNotUpdated);
    }
    Ok(())
}
