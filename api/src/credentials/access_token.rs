//! Access tokens: short-lived EdDSA JWTs naming an account and its session. Whether they still hold is decided by the
//! database at every request, so a log-out or a change of role takes effect at once.

use chrono::{DateTime, Utc};
use entity::account::StaffRole;
use entity::id::{AccountId, RefreshTokenId, SessionId};
use entity::{account, membership, refresh_token, session, volunteer};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Person, SecondFactor};
use crate::app::App;
use crate::domain::accounts;
use crate::domain::accounts::second_factor::is_enrolled;
use crate::error::DomainError;
use crate::policy::second_factor::{Facts, standing};

const AUDIENCE: &str = "marketplace";
const TYPE: &str = "at+jwt";

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
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

/// Why a token is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody asks for something: the session is in use.
    Request,
    /// The server wants to know whether it still holds; nobody need be there.
    Recheck,
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
    let now = app.clock.now();

    let (session, account) = session::Entity::find_by_id(claims.sid)
        .find_also_related(account::Entity)
        .one(connection)
        .await?
        .ok_or(DomainError::Unauthenticated)?;
    let account = account.ok_or(DomainError::Unauthenticated)?;
    let is_live = app
        .config
        .credentials
        .sessions
        .is_live(&session, &account, now);
    if !is_live || account.id != claims.sub || !accounts::is_admitted(&account) {
        return Err(DomainError::Unauthenticated);
    }
    let issued_beside = refresh_token::Entity::find_by_id(claims.jti)
        .one(connection)
        .await?
        .filter(|token| token.session_id == session.id)
        .ok_or(DomainError::Unauthenticated)?;
    if issued_beside.access_used_at.is_none() {
        super::session::mark_access_used(app, issued_beside.id).await?;
    }
    if occasion == Occasion::Request
        && let Err(error) = super::session::touch(app, &session).await
    {
        // Reading goes on while nothing can be written; the session ends early at worst.
        tracing::warn!(session = %session.id, error = error.with_causes(), "the use of a session could not be noted");
    }

    let staff_role = staff_role(&account);
    let person = Person {
        staff_role,
        second_factor: second_factor(app, &session, staff_role.is_some()).await?,
        ..person(connection, &account, session.id).await?
    };
    Ok(Actor::Person(Box::new(person)))
}

/// The account's staff role. Whoever registered an address that was never confirmed need not be the person whom the role was
/// given.
fn staff_role(account: &account::Model) -> Option<StaffRole> {
    account
        .staff_role
        .filter(|_| account.email_verified_at.is_some())
}

/// How the session stands to the second factor. Only staff who have not shown one cost a statement.
async fn second_factor(
    app: &App,
    session: &session::Model,
    is_staff: bool,
) -> Result<SecondFactor, DomainError> {
    let is_proven = session.factor_at.is_some();
    let is_enrolled = is_staff && !is_proven && {
        let connection = &app.store.connection;
        is_enrolled(connection, session.account_id).await?
    };
    Ok(standing(Facts {
        is_staff,
        is_required: app.config.credentials.is_staff_factor_required,
        is_enrolled,
        is_proven,
    }))
}

/// What policies need to know of an account beside its staff role, which only a session of its owner's carries.
pub(super) async fn person(
    connection: &impl ConnectionTrait,
    account: &account::Model,
    session_id: SessionId,
) -> Result<Person, DomainError> {
    let memberships = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(account.id))
        .filter(
            membership::COLUMN
                .state
                .eq(membership::MembershipState::Active),
        )
        // In an order of their own: actors are compared.
        .order_by_asc(membership::Column::OrganizationId)
        .all(connection)
        .await?;
    let volunteer = volunteer::Entity::find()
        .filter(volunteer::COLUMN.account_id.eq(account.id))
        .one(connection)
        .await?;
    Ok(Person {
        account_id: account.id,
        session_id,
        is_verified: account.email_verified_at.is_some(),
        staff_role: None,
        second_factor: SecondFactor::NotAsked,
        memberships: memberships
            .into_iter()
            .map(|row| (row.organization_id, row.role))
            .collect(),
        volunteer_id: volunteer.map(|row| row.id),
        language: account.preferred_language,
    })
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
fn key_id(token: &str) -> Option<String> {
    let shown = jsonwebtoken::decode_header(token).ok()?;
    let id = shown.kid.clone()?;
    (shown == header(&id)).then_some(id)
}

/// What a token says that `key` signed and that holds at `now`.
fn claims(token: &str, key: &DecodingKey, issuer: &str, now: DateTime<Utc>) -> Option<Claims> {
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
