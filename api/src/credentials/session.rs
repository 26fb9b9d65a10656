//! Sessions: of programs, a family of rotating refresh tokens behind short access tokens; of browsers, a cookie. How long one lasts depends on the kind of
//! account at the moment of asking; nothing of it is stored but when the session was opened and last used.

use chrono::{DateTime, TimeDelta, Utc};
use entity::account::{self, StaffRole};
use entity::id::{AccountId, RefreshTokenId, SessionId};
use entity::session::SessionEndReason;
use entity::{refresh_token, session};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    Set,
};

use super::access_token::{self, AccessToken};
use super::secret_token::SecretToken;
use crate::app::App;
use crate::config::{SessionLimits, SessionsConfig};
use crate::context::Context;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// A session in steady use is written to once in so long.
const TOUCH_AFTER: TimeDelta = TimeDelta::seconds(60);

/// What a client holds after logging in.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For the `Authorization: Bearer` header.
    pub access: AccessToken,
    /// For one use of `refreshSession`.
    pub refresh: String,
}

impl SessionsConfig {
    /// The limits of an account's sessions.
    pub const fn of(&self, staff_role: Option<StaffRole>) -> SessionLimits {
        match staff_role {
            Some(StaffRole::Coordinator | StaffRole::Admin) => self.staff,
            None => self.others,
        }
    }

    /// Whether a session of `account` goes on at `now`.
    pub fn is_live(
        &self,
        session: &session::Model,
        account: &account::Model,
        now: DateTime<Utc>,
    ) -> bool {
        let limits = self.of(account.staff_role);
        session.ended_at.is_none()
            && now < session.expires_at
            && now < session.created_at + limits.absolute
            && now < session.last_used_at + limits.idle
    }
}

/// What a browser holds after logging in.
#[derive(Clone)]
pub struct Cookie {
    /// 43 characters of URL-safe base64. Shown once, never stored.
    pub secret: String,
    /// For how long the session lasts at most.
    pub life: TimeDelta,
}

/// Opens a session of a program, which holds tokens. `factor_at` is when whoever logs in showed a second factor with it.
pub async fn open(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    account: &account::Model,
    factor_at: Option<DateTime<Utc>>,
) -> Result<Tokens, DomainError> {
    let app = &ctx.app;
    let session_id = insert(ctx, connection, account, factor_at, None).await?;
    let (refresh_id, refresh) = add_refresh_token(app, connection, session_id).await?;
    Ok(Tokens {
        access: access_token::issue(app, account.id, session_id, refresh_id)?,
        refresh,
    })
}

/// Opens a session of a browser, which holds a cookie. `factor_at` as for [`open`].
pub async fn open_in_browser(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    account: &account::Model,
    factor_at: Option<DateTime<Utc>>,
) -> Result<Cookie, DomainError> {
    let token = SecretToken::generate(&ctx.app.random);
    insert(ctx, connection, account, factor_at, Some(token.hash)).await?;
    let limits = ctx.app.config.credentials.sessions.of(account.staff_role);
    Ok(Cookie {
        secret: token.secret,
        life: limits.absolute,
    })
}

/// Puts a new cookie in the place of a browser's, so that whoever has a copy of the one before has nothing; none where the
/// session is a program's.
pub async fn renew_cookie(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    session: &session::Model,
) -> Result<Option<Cookie>, DomainError> {
    let token = SecretToken::generate(&ctx.app.random);
    let renewed = session::Entity::update_many()
        .set(session::ActiveModel {
            cookie_hash: Set(Some(token.hash)),
            ..Default::default()
        })
        .filter(session::COLUMN.id.eq(session.id))
        .filter(session::COLUMN.cookie_hash.is_not_null())
        .exec(connection)
        .await?;
    Ok((renewed.rows_affected == 1).then(|| Cookie {
        secret: token.secret,
        life: session.expires_at - ctx.now(),
    }))
}

/// The session `id`, over or not.
pub async fn load(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<session::Model, DomainError> {
    session::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(DomainError::Unauthenticated)
}

async fn insert(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    account: &account::Model,
    factor_at: Option<DateTime<Utc>>,
    cookie_hash: Option<String>,
) -> Result<SessionId, DomainError> {
    let app = &ctx.app;
    let now = app.clock.now();
    let id = SessionId::new(app.new_id());
    let limits = app.config.credentials.sessions.of(account.staff_role);
    session::ActiveModel {
        id: Set(id),
        account_id: Set(account.id),
        user_agent: Set(ctx.user_agent.clone()),
        created_at: Set(now),
        last_used_at: Set(now),
        expires_at: Set(now + limits.absolute),
        ended_at: Set(None),
        end_reason: Set(None),
        factor_at: Set(factor_at),
        cookie_hash: Set(cookie_hash),
    }
    .insert(connection)
    .await?;
    Ok(id)
}

/// Adds a refresh token to a session and returns its id and secret.
pub async fn add_refresh_token(
    app: &App,
    connection: &impl ConnectionTrait,
    session_id: SessionId,
) -> Result<(RefreshTokenId, String), DomainError> {
    let token = SecretToken::generate(&app.random);
    let id = RefreshTokenId::new(app.new_id());
    refresh_token::ActiveModel {
        id: Set(id),
        session_id: Set(session_id),
        token_hash: Set(token.hash),
        issued_at: Set(app.clock.now()),
        used_at: Set(None),
        access_used_at: Set(None),
        successor_id: Set(None),
    }
    .insert(connection)
    .await?;
    Ok((id, token.secret))
}

/// Ends a session that has not ended yet, and says whether it was still open.
pub async fn end(
    connection: &impl ConnectionTrait,
    session_id: SessionId,
    reason: SessionEndReason,
    now: DateTime<Utc>,
) -> Result<bool, DomainError> {
    let these = session::COLUMN.id.eq(session_id);
    Ok(end_where(connection, these, reason, now).await? > 0)
}

/// Ends every session of an account.
pub async fn end_all(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
    reason: SessionEndReason,
    now: DateTime<Utc>,
) -> Result<(), DomainError> {
    let these = session::COLUMN.account_id.eq(account_id);
    end_where(connection, these, reason, now).await?;
    Ok(())
}

/// Ends every session of an account but one, and says how many were open.
pub async fn end_others(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
    kept: SessionId,
    reason: SessionEndReason,
    now: DateTime<Utc>,
) -> Result<u64, DomainError> {
    let these = session::COLUMN
        .account_id
        .eq(account_id)
        .and(session::COLUMN.id.ne(kept));
    end_where(connection, these, reason, now).await
}

/// Notes that the second factor was shown in a session that goes on.
pub async fn mark_factor_shown(
    connection: &impl ConnectionTrait,
    session_id: SessionId,
    now: DateTime<Utc>,
) -> Result<(), DomainError> {
    let marked = session::Entity::update_many()
        .set(session::ActiveModel {
            factor_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(session::COLUMN.id.eq(session_id))
        .filter(session::COLUMN.ended_at.is_null())
        .exec(connection)
        .await?;
    // Somebody ended it since the request began.
    if marked.rows_affected == 1 {
        Ok(())
    } else {
        Err(DomainError::Unauthenticated)
    }
}

/// The same when a factor has just been set up, in a session of a program. Of a browser's cookie there may be a copy, and
/// GraphQL gives no new one: that session shows the factor once more where it gets one.
pub async fn mark_factor_set_up(
    connection: &impl ConnectionTrait,
    session_id: SessionId,
    now: DateTime<Utc>,
) -> Result<(), DomainError> {
    let held = load(connection, session_id).await?;
    match (&held.cookie_hash, held.ended_at) {
        (Some(_), None) => Ok(()),
        _ => mark_factor_shown(connection, session_id, now).await,
    }
}

/// Forgets in all sessions of an account that a second factor was shown: it is not there any more.
pub async fn forget_factor(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<(), DomainError> {
    session::Entity::update_many()
        .set(session::ActiveModel {
            factor_at: Set(None),
            ..Default::default()
        })
        .filter(session::COLUMN.account_id.eq(account_id))
        .filter(session::COLUMN.factor_at.is_not_null())
        .exec(connection)
        .await?;
    Ok(())
}

async fn end_where(
    connection: &impl ConnectionTrait,
    these: Expr,
    reason: SessionEndReason,
    now: DateTime<Utc>,
) -> Result<u64, DomainError> {
    let ended = session::Entity::update_many()
        .set(session::ActiveModel {
            ended_at: Set(Some(now)),
            end_reason: Set(Some(reason)),
            ..Default::default()
        })
        .filter(these)
        .filter(session::COLUMN.ended_at.is_null())
        .exec(connection)
        .await?;
    Ok(ended.rows_affected)
}

/// Notes that a session is in use, unless that was noted a moment ago.
pub async fn touch(app: &App, session: &session::Model) -> Result<(), DomainError> {
    let now = app.clock.now();
    if now < session.last_used_at + TOUCH_AFTER {
        return Ok(());
    }
    retrying(|| async {
        let transaction = begin_write(&app.store).await?;
        session::Entity::update_many()
            .set(session::ActiveModel {
                last_used_at: Set(now),
                ..Default::default()
            })
            .filter(session::COLUMN.id.eq(session.id))
            .filter(session::COLUMN.ended_at.is_null())
            .filter(session::COLUMN.last_used_at.lt(now))
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    })
    .await
}

/// Notes that the access token issued beside a refresh token was shown: that answer was not lost.
pub async fn mark_access_used(app: &App, id: RefreshTokenId) -> Result<(), DomainError> {
    retrying(|| async {
        let transaction = begin_write(&app.store).await?;
        refresh_token::Entity::update_many()
            .set(refresh_token::ActiveModel {
                access_used_at: Set(Some(app.clock.now())),
                ..Default::default()
            })
            .filter(refresh_token::COLUMN.id.eq(id))
            .filter(refresh_token::COLUMN.access_used_at.is_null())
            .exec(&*transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    })
    .await
}
