//! A random text that waits for a passkey to sign it: the row goes when it is used, and only its hash is stored.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A challenge that was not answered yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey_challenge")]
pub struct Model {
    /// SHA-256 in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub challenge_hash: String,
    /// Whose new passkey it is for; none for a log-in, in which nobody is known yet.
    pub account_id: Option<AccountId>,
    pub expires_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<Option<super::account::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
