//! One-time secrets sent by mail: only their digest is stored, and each works once.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, AccountTokenId};
use crate::personal::Personal;

choice! {
    /// What presenting the token does.
    pub enum TokenPurpose {
        /// Proves that the address is read by the account's owner.
        VerifyAddress = "verify_address",
        /// Lets a new password be chosen.
        ResetPassword = "reset_password",
        /// Makes another address the account's, and proves it.
        ChangeEmail = "change_email",
    }
}

/// A one-time secret that was mailed to an account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountTokenId,
    pub account_id: AccountId,
    pub purpose: TokenPurpose,
    /// SHA-256 of the secret, lower-case hexadecimal.
    #[sea_orm(unique)]
    pub token_hash: String,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    /// The address that shall be the account's; present exactly for that purpose.
    pub email: Option<Personal>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
