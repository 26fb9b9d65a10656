//! The chain of refresh tokens of a session: each is used once and names its successor, which is how the
//! use of a copy is noticed.

use sea_orm::entity::prelude::*;

use crate::id::{RefreshTokenId, SessionId};

/// One link in a session's chain of refresh tokens.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RefreshTokenId,
    pub session_id: SessionId,
    /// SHA-256 of the secret, lower-case hexadecimal.
    #[sea_orm(unique)]
    pub token_hash: String,
    pub issued_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    /// When the access token that was issued beside it was first shown.
    pub access_used_at: Option<DateTimeUtc>,
    /// The token that replaced this one.
    pub successor_id: Option<RefreshTokenId>,
    #[sea_orm(belongs_to, from = "session_id", to = "id")]
    pub session: BelongsTo<super::session::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
