//! Ending one of one's sessions from elsewhere, such as that of a lost device.

use entity::id::SessionId;
use entity::session::{self as session_entity, SessionEndReason};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// Ends the session; its tokens are refused from now on. One that is over stays as it ended.
///
/// # Errors
/// [`DomainError::NotFound`] when the actor has no such session, whoever else may have it.
pub async fn run(ctx: &Context, id: SessionId) -> Result<(), DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::ManageSessions, person.account_id).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    session_entity::Entity::find_by_id(id)
        .filter(session_entity::COLUMN.account_id.eq(person.account_id))
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    if session::end(&*transaction, id, SessionEndReason::Revoked, ctx.now()).await? {
        let subject = ("session", Some(id.uuid()));
        let detail = serde_json::json!({});
        audit::record(ctx, &*transaction, "session.revoked", subject, detail).await?;
    }
    transaction.commit().await?;
    Ok(())
}
