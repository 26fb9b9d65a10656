//! One log-in on one device, from the first token or cookie to its end.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, SessionId};
use crate::personal::Personal;

choice! {
    /// Why a session is over.
    pub enum SessionEndReason {
        /// Its owner logged out.
        LoggedOut = "logged_out",
        /// Its owner ended it from elsewhere, or the account's staff role changed.
        Revoked = "revoked",
        /// A refresh token came back after its use: a copy is about.
        Reused = "reused",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// Another mail address became the account's.
        EmailChanged = "email_changed",
        /// The account was disabled or erased.
        Disabled = "disabled",
        /// Nobody came back in time.
        Expired = "expired",
    }
}

/// One log-in on one device.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub account_id: AccountId,
    pub user_agent: Option<Personal>,
    pub created_at: DateTimeUtc,
    /// To the minute.
    pub last_used_at: DateTimeUtc,
    /// The latest moment of its end, fixed when it was opened; idleness and the limits of today may end it before.
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// Present exactly when `ended_at` is.
    pub end_reason: Option<SessionEndReason>,
    /// When the account's second factor was shown in it; empty again when the factor is taken away.
    pub factor_at: Option<DateTimeUtc>,
    /// SHA-256 of the secret in a browser's cookie, in hexadecimal; such a session has no refresh tokens.
    #[sea_orm(unique)]
    pub cookie_hash: Option<String>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
    #[sea_orm(has_many)]
    pub refresh_tokens: HasMany<super::refresh_token::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
