//! Rows that have been kept long enough, batch by batch, so that nobody waits long for a lock.

use std::collections::BTreeMap;
use std::future::Future;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState};
use entity::personal::Personal;
use entity::{
    account_token, idempotency_key, passkey_challenge, pending_log_in, refresh_token, session,
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};

use super::activity;
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// The most rows of one transaction.
const BATCH: u64 = 500;

/// Repeats `step`, which says how many rows it found, until it finds less than a batch.
async fn in_batches<F, Fut>(mut step: F) -> Result<u64, DomainError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<usize, DomainError>>,
{
    let mut total = 0;
    loop {
        let found = retrying(&mut step).await? as u64;
        total += found;
        if found < BATCH {
            return Ok(total);
        }
    }
}

/// Deletes sessions that ended, or could not be used any more, before a moment, with their refresh tokens. When they were
/// last used is noted at their account.
pub(super) async fn delete_sessions(
    ctx: &Context,
    before: DateTime<Utc>,
) -> Result<u64, DomainError> {
    // Those of staff end sooner and are kept as long as the others.
    let unused = before - ctx.app.config.credentials.sessions.others.idle;
    in_batches(|| async move {
        let transaction = begin_write(&ctx.app.store).await?;
        let over = session::Entity::find()
            .filter(
                Condition::any()
                    .add(session::COLUMN.ended_at.lt(before))
                    .add(session::COLUMN.expires_at.lt(before))
                    .add(session::COLUMN.last_used_at.lt(unused)),
            )
            .order_by_asc(session::Column::Id)
            .limit(BATCH)
            .all(&*transaction)
            .await?;
        let mut last_used: BTreeMap<AccountId, DateTime<Utc>> = BTreeMap::new();
        for session in &over {
            let last = last_used
                .entry(session.account_id)
                .or_insert(session.last_used_at);
            *last = (*last).max(session.last_used_at);
        }
        for (account_id, at) in last_used {
            activity::note_use(&*transaction, account_id, at).await?;
        }
        session::Entity::delete_many()
            .filter(
                session::COLUMN
                    .id
                    .is_in(over.iter().map(|session| session.id)),
            )
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(over.len())
    })
    .await
}

/// Deletes refresh tokens that were used before a moment: one that comes back after so long is refused as unknown.
pub(super) async fn delete_refresh_tokens(
    ctx: &Context,
    before: DateTime<Utc>,
) -> Result<u64, DomainError> {
    in_batches(|| async move {
        let transaction = begin_write(&ctx.app.store).await?;
        let used = refresh_token::Entity::find()
            .filter(refresh_token::COLUMN.used_at.lt(before))
            .order_by_asc(refresh_token::Column::Id)
            .limit(BATCH)
            .all(&*transaction)
            .await?;
        refresh_token::Entity::delete_many()
            .filter(
                refresh_token::COLUMN
                    .id
                    .is_in(used.iter().map(|token| token.id)),
            )
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(used.len())
    })
    .await
}

/// Deletes secrets of mailed links that were used, or expired, before a moment.
pub(super) async fn delete_account_tokens(
    ctx: &Context,
    before: DateTime<Utc>,
) -> Result<u64, DomainError> {
    in_batches(|| async move {
        let transaction = begin_write(&ctx.app.store).await?;
        let over = account_token::Entity::find()
            .filter(
                Condition::any()
                    .add(account_token::COLUMN.used_at.lt(before))
                    .add(account_token::COLUMN.expires_at.lt(before)),
            )
            .order_by_asc(account_token::Column::Id)
            .limit(BATCH)
            .all(&*transaction)
            .await?;
        account_token::Entity::delete_many()
            .filter(
                account_token::COLUMN
                    .id
                    .is_in(over.iter().map(|token| token.id)),
            )
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(over.len())
    })
    .await
}

/// Deletes log-ins at an identity provider and challenges of passkeys that were begun, and that nobody came back for in time.
pub(super) async fn delete_begun(ctx: &Context, now: DateTime<Utc>) -> Result<u64, DomainError> {
    retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        let log_ins = pending_log_in::Entity::delete_many()
            .filter(pending_log_in::COLUMN.expires_at.lte(now))
            .exec(&*transaction)
            .await?;
        let challenges = passkey_challenge::Entity::delete_many()
            .filter(passkey_challenge::COLUMN.expires_at.lte(now))
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(log_ins.rows_affected + challenges.rows_affected)
    })
    .await
}

/// Deletes idempotency keys of a moment and before, with their answers.
pub(super) async fn delete_idempotency_keys(
    ctx: &Context,
    until: DateTime<Utc>,
) -> Result<u64, DomainError> {
    retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        let deleted = idempotency_key::Entity::delete_many()
            .filter(idempotency_key::COLUMN.created_at.lte(until))
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected)
    })
    .await
}

/// Deletes jobs that were done before a moment. Those that were given up stay until somebody looks.
pub(super) async fn delete_jobs(ctx: &Context, before: DateTime<Utc>) -> Result<u64, DomainError> {
    in_batches(|| async move {
        let transaction = begin_write(&ctx.app.store).await?;
        let done = job::Entity::find()
            .filter(job::COLUMN.state.eq(JobState::Done))
            .filter(job::COLUMN.finished_at.lt(before))
            .order_by_asc(job::Column::Id)
            .limit(BATCH)
            .all(&*transaction)
            .await?;
        job::Entity::delete_many()
            .filter(job::COLUMN.id.is_in(done.iter().map(|job| job.id)))
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.len())
    })
    .await
}

/// Empties the bodies of mails that were sent before a moment, or written before it and will not be sent. That there was a
/// mail, to whom, about what and on which basis, stays.
pub(super) async fn empty_mails(ctx: &Context, before: DateTime<Utc>) -> Result<u64, DomainError> {
    in_batches(|| async move {
        let transaction = begin_write(&ctx.app.store).await?;
        let ids: Vec<entity::id::MailMessageId> = mail_message::Entity::find()
            .select_only()
            .column(mail_message::Column::Id)
            .filter(mail_message::COLUMN.raw.ne(""))
            .filter(mail_message::COLUMN.state.ne(MailState::Queued))
            .filter(mail_message::COLUMN.created_at.lt(before))
            .filter(
                Condition::any()
                    .add(mail_message::COLUMN.sent_at.is_null())
                    .add(mail_message::COLUMN.sent_at.lt(before)),
            )
            .order_by_asc(mail_message::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(&*transaction)
            .await?;
        mail_message::Entity::update_many()
            .set(mail_message::ActiveModel {
                raw: Set(Personal::default()),
                ..Default::default()
            })
            .filter(mail_message::COLUMN.id.is_in(ids.iter().copied()))
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(ids.len())
    })
    .await
}
