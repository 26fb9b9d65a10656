//! Trading a refresh token for the next pair. Each is good for one use; a second use ends the whole session, except
//! when the first answer was lost on the way: neither of the two tokens in it was ever shown.

use entity::refresh_token::{self, Model as RefreshToken};
use entity::session::SessionEndReason;
use entity::{account, session as session_entity};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, Set};

use super::is_admitted;
use crate::context::Context;
use crate::credentials::session::{self, Tokens};
use crate::credentials::{access_token, secret_token};
use crate::domain::audit;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::store::transaction::{begin_write, retrying};

/// Rotates the tokens of a session.
pub async fn run(ctx: &Context, refresh: &str) -> Result<(account::Model, Tokens), DomainError> {
    let limiter = &ctx.app.limiter;
    limiter
        .check_client(Operation::RefreshSession, ctx.client)
        .await?;
    retrying(|| rotate(ctx, refresh)).await
}

async fn rotate(ctx: &Context, refresh: &str) -> Result<(account::Model, Tokens), DomainError> {
    let app = &ctx.app;
    let now = ctx.now();
    let transaction = begin_write(&app.store).await?;
    let (token, session) = refresh_token::Entity::find()
        .filter(
            refresh_token::COLUMN
                .token_hash
                .eq(secret_token::hash(refresh)),
        )
        .find_also_related(session_entity::Entity)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::Unauthenticated)?;
    let session = session
        .filter(|session| session.ended_at.is_none())
        .ok_or(DomainError::Unauthenticated)?;
    let account = account::Entity::find_by_id(session.account_id)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::Unauthenticated)?;
    let limits = app.config.credentials.sessions;
    if !limits.is_live(&session, &account, now) {
        session::end(&*transaction, session.id, SessionEndReason::Expired, now).await?;
        transaction.commit().await?;
        return Err(DomainError::Unauthenticated);
    }
    if token.used_at.is_some() && !is_answer_lost(&*transaction, &token).await? {
        session::end(&*transaction, session.id, SessionEndReason::Reused, now).await?;
        let subject = ("account", Some(account.id.uuid()));
        let detail = serde_json::json!({ "session": session.id });
        audit::record(ctx, &*transaction, "session.reused", subject, detail).await?;
        transaction.commit().await?;
        tracing::warn!(session = %session.id, "a refresh token came back after its use; the session was ended");
        return Err(DomainError::Unauthenticated);
    }

    if !is_admitted(&account) {
        return Err(DomainError::Unauthenticated);
    }
    let (successor_id, refresh) =
        session::add_refresh_token(app, &*transaction, session.id).await?;
    mark_used(ctx, &*transaction, &token, successor_id).await?;
    session_entity::Entity::update_many()
        .set(session_entity::ActiveModel {
            last_used_at: Set(now),
            ..Default::default()
        })
        .filter(session_entity::COLUMN.id.eq(session.id))
        .exec(&*transaction)
        .await?;
    let access = access_token::issue(app, account.id, session.id, successor_id)?;
    transaction.commit().await?;
    Ok((account, Tokens { access, refresh }))
}

/// Whether nobody has shown either token of the answer that the first use got.
async fn is_answer_lost(
    transaction: &impl ConnectionTrait,
    token: &RefreshToken,
) -> Result<bool, DomainError> {
    let Some(successor_id) = token.successor_id else {
        return Ok(false);
    };
    let successor = refresh_token::Entity::find_by_id(successor_id)
        .one(transaction)
        .await?;
    Ok(successor
        .is_some_and(|successor| successor.used_at.is_none() && successor.access_used_at.is_none()))
}

/// Marks the token as used. When its first answer was lost, the successor nobody has seen is used up as well.
async fn mark_used(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    token: &RefreshToken,
    successor_id: entity::id::RefreshTokenId,
) -> Result<(), DomainError> {
    if let Some(lost) = token.successor_id {
        let ended = refresh_token::Entity::update_many()
            .set(refresh_token::ActiveModel {
                used_at: Set(Some(ctx.now())),
                ..Default::default()
            })
            .filter(refresh_token::COLUMN.id.eq(lost))
            .filter(refresh_token::COLUMN.used_at.is_null())
            .filter(refresh_token::COLUMN.access_used_at.is_null())
            .exec(transaction)
            .await?;
        // It was not lost after all: somebody has just shown it.
        if ended.rows_affected != 1 {
            return Err(overtaken());
        }
    }
    let mut guarded = refresh_token::Entity::update_many()
        .set(refresh_token::ActiveModel {
            used_at: Set(Some(token.used_at.unwrap_or_else(|| ctx.now()))),
            successor_id: Set(Some(successor_id)),
            ..Default::default()
        })
        .filter(refresh_token::COLUMN.id.eq(token.id));
    // Of two uses at once the second waits for the first and then finds another state than it read. That the token is
    // still unused counts too: a use of the token before it can have ended this one as a lost answer.
    guarded = match token.used_at {
        Some(_) => guarded.filter(refresh_token::COLUMN.used_at.is_not_null()),
        None => guarded.filter(refresh_token::COLUMN.used_at.is_null()),
    };
    guarded = match token.successor_id {
        Some(successor) => guarded.filter(refresh_token::COLUMN.successor_id.eq(successor)),
        None => guarded.filter(refresh_token::COLUMN.successor_id.is_null()),
    };
    if guarded.exec(transaction).await?.rows_affected == 1 {
        Ok(())
    } else {
        Err(overtaken())
    }
}

/// Another use of the family was faster: what it left decides, so everything is read again.
fn overtaken() -> DomainError {
    DomainError::Retry(DbErr::Custom(
        "another use of the session's tokens was faster".to_owned(),
    ))
}
