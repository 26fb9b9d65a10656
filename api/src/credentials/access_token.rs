//! Access tokens: short-lived EdDSA JWTs naming an account and its session. Whether they still hold is decided by the
//! database at every request, so a log-out or a change of role takes effect at once.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, RefreshTokenId, SessionId};
use entity::{account, refresh_token, session};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use sea_orm::EntityTrait as _;
use serde::{Deserialize, Serialize};

pub use super::open_session::Occasion;
use super::open_session::OpenSession;
use crate::actor::Actor;
use crate::app::App;
use crate::error::DomainError;

const AUDIENCE: &str = "marketplace";
const TYPE: &str = "at+jwt";

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    sub: AccountId,
    sid: SessionId,
    /// The refresh token issued beside it.
    jti: RefreshTokenId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// A signed token and when it ends.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The compact JWS.
    pub token: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Signs a token for a session, beside the refresh token of the same answer.
pub fn issue(
    app: &App,
    account_id: AccountId,
    session_id: SessionId,
    refresh_token_id: RefreshTokenId,
) -> Result<AccessToken, DomainError> {
    let now = app.clock.now();
    let expires_at = now + app.config.credentials.access_token_life;
    let claims = Claims {
        iss: app.config.http.base_url.clone(),
        aud: AUDIENCE.to_owned(),
        sub: account_id,
        sid: session_id,
        jti: refresh_token_id,
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: expires_at.timestamp(),
    };
    let key = app.keys.current()?;
    let token = jsonwebtoken::encode(&header(&key.public.id), &claims, &key.encoding)
        .map_err(|error| DomainError::Internal(error.into()))?;
    Ok(AccessToken { token, expires_at })
}

/// Turns a bearer token into an actor; without a token, [`Actor::Anonymous`].
///
/// # Errors
/// [`DomainError::Unauthenticated`] when a token was shown that does not hold, whatever the reason.
pub async fn authenticate(
    app: &App,
    bearer: Option<&str>,
    occasion: Occasion,
) -> Result<Actor, DomainError> {
    let Some(token) = bearer else {
        return Ok(Actor::Anonymous);
    };
    let claims = verify(app, token)
        .await?
        .ok_or(DomainError::Unauthenticated)?;
    let connection = &app.store.connection;
    let found = session::Entity::find_by_id(claims.sid)
        .find_also_related(account::Entity)
        .one(connection)
        .await?;
    let open = OpenSession::of(app, found)?;
    if open.account.id != claims.sub {
        return Err(DomainError::Unauthenticated);
    }
    let issued_beside = refresh_token::Entity::find_by_id(claims.jti)
        .one(connection)
        .await?
        .filter(|token| token.session_id == open.session.id)
        .ok_or(DomainError::Unauthenticated)?;
    if issued_beside.access_used_at.is_none() {
        super::session::mark_access_used(app, issued_beside.id).await?;
    }
    open.actor(app, occasion).await
}

/// The header of every token that the key `kid` signs.
fn header(kid: &str) -> Header {
    Header {
        typ: Some(TYPE.to_owned()),
        kid: Some(kid.to_owned()),
        ..Header::new(Algorithm::EdDSA)
    }
}

async fn verify(app: &App, token: &str) -> Result<Option<Claims>, DomainError> {
    let Some(id) = key_id(token) else {
        return Ok(None);
    };
    let key = app.keys.find(app, &id).await?;
    let (issuer, now) = (&app.config.http.base_url, app.clock.now());
    Ok(key.and_then(|key| claims(token, &key.decoding, issuer, now)))
}

/// The key that a token names, if its header is one of ours. Ours have three members and no other: nothing that brings a
/// key along, names an address or asks for an extension is read.
pub fn key_id(token: &str) -> Option<String> {
    let shown = jsonwebtoken::decode_header(token).ok()?;
    let id = shown.kid.clone()?;
    (shown == header(&id)).then_some(id)
}

/// What a token says that `key` signed and that holds at `now`. A function of these alone.
pub fn claims(token: &str, key: &DecodingKey, issuer: &str, now: DateTime<Utc>) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    // Its clock is the system's; ours decides below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    let claims = jsonwebtoken::decode::<Claims>(token, key, &validation)
        .ok()?
        .claims;
    let now = now.timestamp();
    (claims.nbf <= now && now < claims.exp).then_some(claims)
}
