//! An account of an identity provider that is linked, as its owner sees it.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use entity::identity;

use crate::graphql::id::encode;

/// An account of an identity provider, by which the account's owner logs in without the password.
#[derive(SimpleObject)]
pub struct Identity {
    /// Its id, for `unlinkIdentity`.
    id: ID,
    /// The provider, by its address.
    issuer: String,
    /// When it was linked.
    linked_at: DateTime<Utc>,
}

impl From<identity::Model> for Identity {
    fn from(identity: identity::Model) -> Self {
        Self {
            id: encode(&identity.id),
            issuer: identity.issuer,
            linked_at: identity.linked_at,
        }
    }
}
