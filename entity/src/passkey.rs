//! A passkey of an account: a key pair in a person's device or password manager, of which the public half is kept here.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PasskeyId};
use crate::personal::Personal;

/// A passkey of an account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasskeyId,
    pub account_id: AccountId,
    /// What its owner calls it.
    pub name: Personal,
    /// What the device calls it: 1 to 1,023 bytes in URL-safe base64.
    #[sea_orm(unique)]
    pub credential_id: String,
    /// A COSE key (RFC 9052) in URL-safe base64.
    pub public_key: String,
    /// How often it signed by its own count when it was last shown; 0 for those that do not count.
    pub signature_count: i64,
    pub created_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
