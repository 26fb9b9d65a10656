//! The keys behind access tokens: at most one in each state, so that every server signs with the same one and knows the
//! one before and the one to come.

use sea_orm::entity::prelude::*;

use crate::choice::choice;

choice! {
    /// Where a key stands in its life.
    pub enum SigningKeyState {
        /// Made known, and signs nothing yet.
        Next = "next",
        /// Signs.
        Current = "current",
        /// Signs nothing any more; what it signed may still be out.
        Previous = "previous",
    }
}

/// A key behind access tokens.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// The first 16 hexadecimal digits of the public key's SHA-256.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    /// Ed25519, URL-safe base64.
    pub public_key: String,
    /// PKCS#8, sealed; forgotten when the key has signed its last.
    pub sealed_private_key: Option<String>,
    #[sea_orm(unique)]
    pub state: SigningKeyState,
    /// Since when it is in this state.
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
