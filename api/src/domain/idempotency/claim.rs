//! Claims a key for a request, or says what became of the one that had it before.

use entity::id::IdempotencyKeyId;
use entity::idempotency_key;
use entity::personal::Personal;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};

use super::{GIVEN_UP, IdempotencyKey, KEPT};
use crate::context::Context;
use crate::error::DomainError;
use crate::store::claim::Claim;
use crate::store::transaction::begin_write;

/// A request with its key.
#[derive(Clone, Debug)]
pub struct Input {
    /// The key.
    pub key: IdempotencyKey,
    /// What is asked, by SHA-256 in hexadecimal.
    pub request_hash: String,
}

/// What a request with a key is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Act, under this claim, and settle it.
    Claimed(Claim),
    /// Tell this: it is the first answer.
    Answered(Personal),
    /// Come back: the first request is not done yet.
    UnderWay,
    /// Read what is there now: it was done, and its answer is lost.
    AnswerLost,
    /// Choose another key: this one was another request's.
    OtherRequest,
}

/// Claims the key for the logged-in person.
pub async fn run(ctx: &Context, input: &Input) -> Result<Outcome, DomainError> {
    let account_id = ctx.person()?.account_id;
    let now = ctx.now();
    let transaction = begin_write(&ctx.app.store).await?;
    let fresh = idempotency_key::Model {
        id: IdempotencyKeyId::new(ctx.app.new_id()),
        account_id,
        key_hash: input.key.hash(),
        request_hash: input.request_hash.clone(),
        created_at: now,
        claimed_at: now,
        has_acted: false,
        answer: None,
    };
    if insert(&*transaction, fresh.clone()).await? {
        transaction.commit().await?;
        return Ok(Outcome::Claimed(Claim {
            id: fresh.id,
            at: now,
        }));
    }
    let Some(found) = idempotency_key::Entity::find()
        .filter(idempotency_key::COLUMN.account_id.eq(account_id))
        .filter(idempotency_key::COLUMN.key_hash.eq(fresh.key_hash.as_str()))
        .lock_exclusive()
        .one(&*transaction)
        .await?
    else {
        // It was let go in between; whoever asks comes back to a free key.
        return Ok(Outcome::UnderWay);
    };
    if now - found.created_at >= KEPT {
        idempotency_key::Entity::delete_by_id(found.id)
            .exec(&*transaction)
            .await?;
        insert(&*transaction, fresh.clone()).await?;
        transaction.commit().await?;
        return Ok(Outcome::Claimed(Claim {
            id: fresh.id,
            at: now,
        }));
    }
    if found.request_hash != input.request_hash {
        return Ok(Outcome::OtherRequest);
    }
    if let Some(answer) = found.answer {
        return Ok(Outcome::Answered(answer));
    }
    if now - found.claimed_at < GIVEN_UP {
        return Ok(Outcome::UnderWay);
    }
    if found.has_acted {
        return Ok(Outcome::AnswerLost);
    }
    idempotency_key::Entity::update_many()
        .set(idempotency_key::ActiveModel {
            claimed_at: Set(now),
            ..Default::default()
        })
        .filter(idempotency_key::COLUMN.id.eq(found.id))
        .exec(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(Outcome::Claimed(Claim {
        id: found.id,
        at: now,
    }))
}

/// Whether the key was free.
async fn insert(
    transaction: &impl ConnectionTrait,
    row: idempotency_key::Model,
) -> Result<bool, DomainError> {
    let inserted =
        idempotency_key::Entity::insert(idempotency_key::ActiveModel::from(row).reset_all())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(transaction)
            .await?;
    Ok(inserted > 0)
}
