//! One's open sessions, so that their owner can tell which are not theirs.

use entity::session;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};

/// The most that are listed. `revoke_other_sessions` ends those beyond, too.
pub const MAX: u64 = 100;

/// The actor's sessions that go on, the last used first, at most [`MAX`].
pub async fn run(ctx: &Context) -> Result<Vec<session::Model>, DomainError> {
    let person = ctx.person()?;
    decide(&ctx.actor, AccountAction::ManageSessions, person.account_id).require()?;
    let connection = &ctx.app.store.connection;
    let account = super::load(connection, person.account_id).await?;
    let (limits, now) = (ctx.app.config.credentials.sessions, ctx.now());
    let sessions = session::Entity::find()
        .filter(session::COLUMN.account_id.eq(account.id))
        .filter(session::COLUMN.ended_at.is_null())
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id)
        .limit(MAX)
        .all(connection)
        .await?;
    Ok(sessions
        .into_iter()
        .filter(|session| limits.is_live(session, &account, now))
        .collect())
}
