//! A passkey, as its owner sees it.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use entity::passkey;

use crate::graphql::id::encode;

/// A key in a device or password manager, by which the account's owner logs in without a password.
#[derive(SimpleObject)]
pub struct Passkey {
    /// The passkey's id, for `removePasskey`.
    id: ID,
    /// What its owner calls it.
    name: String,
    /// When it was added.
    created_at: DateTime<Utc>,
    /// When somebody last logged in with it.
    last_used_at: Option<DateTime<Utc>>,
}

impl From<passkey::Model> for Passkey {
    fn from(passkey: passkey::Model) -> Self {
        Self {
            id: encode(&passkey.id),
            name: passkey.name.into_exposed(),
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        }
    }
}
