//! A log-in at an identity provider that was begun: the row goes when the provider's answer comes back.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, SessionId};

choice! {
    /// What the answer is for.
    pub enum LogInPurpose {
        /// Opening a session of whoever it is.
        LogIn = "log_in",
        /// Linking the identity to the account of the session that asked.
        Link = "link",
    }
}

/// A log-in that was not answered yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_log_in")]
pub struct Model {
    /// Of the text that comes back in the address; SHA-256 in hexadecimal, as those below.
    #[sea_orm(primary_key, auto_increment = false)]
    pub state_hash: String,
    /// Of the secret in the cookie of the browser that began.
    pub browser_hash: String,
    /// Of the text that the provider's token repeats.
    pub nonce_hash: String,
    /// What shows the provider that whoever began asks for the token (RFC 7636).
    pub sealed_verifier: String,
    pub purpose: LogInPurpose,
    /// Whose session the browser held.
    pub account_id: Option<AccountId>,
    /// The session that asked for the link, or that a log-in takes the place of.
    pub session_id: Option<SessionId>,
    pub expires_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<Option<super::account::Entity>>,
    #[sea_orm(belongs_to, from = "session_id", to = "id")]
    pub session: BelongsTo<Option<super::session::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
