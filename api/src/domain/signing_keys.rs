//! The life of the keys behind access tokens: next, current, previous, forgotten. A key is made known before it signs and
//! accepted after it signed its last, so that no token is refused for a rotation.

pub mod begin;
pub mod list;
pub mod replace;
pub mod rotate;

use chrono::{DateTime, Utc};
use entity::signing_key::{self, SigningKeyState};
use sea_orm::Set;

use crate::app::App;
use crate::credentials::signing_key::SigningKey;
use crate::error::DomainError;

/// The row of a key that can sign.
fn row(
    app: &App,
    key: &SigningKey,
    state: SigningKeyState,
    now: DateTime<Utc>,
) -> Result<signing_key::ActiveModel, DomainError> {
    Ok(signing_key::ActiveModel {
        kid: Set(key.public.id.clone()),
        public_key: Set(key.public.x.clone()),
        sealed_private_key: Set(Some(key.sealed(&app.keys.sealing)?)),
        state: Set(state),
        changed_at: Set(now),
    })
}
