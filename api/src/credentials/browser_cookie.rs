//! Sessions of browsers: one opaque secret of 256 bits in a cookie, of which the database keeps the hash. What a page's
//! scripts cannot read, they cannot give away. Which requests may use it is for HTTP to decide.

#[cfg(feature = "oidc")]
use entity::id::SessionId;
use entity::{account, session};
use sea_orm::{ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::open_session::{Occasion, OpenSession};
use super::secret_token;
use crate::actor::Actor;
use crate::app::App;
use crate::error::DomainError;

/// Turns a cookie's secret into an actor.
///
/// # Errors
/// [`DomainError::Unauthenticated`] when its session is over, or there never was one.
pub async fn authenticate(
    app: &App,
    secret: &str,
    occasion: Occasion,
) -> Result<Actor, DomainError> {
    let found = find(&app.store.connection, secret).await?;
    OpenSession::of(app, found)?.actor(app, occasion).await
}

/// Turns a session into an actor, of which a browser says by another cookie that it began something with it.
///
/// # Errors
/// As [`authenticate`].
#[cfg(feature = "oidc")]
pub async fn authenticate_session(app: &App, id: SessionId) -> Result<Actor, DomainError> {
    let found = session::Entity::find_by_id(id)
        .find_also_related(account::Entity)
        .one(&app.store.connection)
        .await?;
    OpenSession::of(app, found)?
        .actor(app, Occasion::Request)
        .await
}

/// The session of a cookie, over or not, with its account.
pub async fn find(
    connection: &impl ConnectionTrait,
    secret: &str,
) -> Result<Option<(session::Model, Option<account::Model>)>, DomainError> {
    Ok(session::Entity::find()
        .filter(session::COLUMN.cookie_hash.eq(secret_token::hash(secret)))
        .find_also_related(account::Entity)
        .one(connection)
        .await?)
}
