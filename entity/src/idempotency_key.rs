//! A key that a client chose for a mutation, so that the mutation is done once however often it is sent.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, IdempotencyKeyId};
use crate::personal::Personal;

/// One mutation of one account under its key.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdempotencyKeyId,
    /// Who sent it: keys of one account are nothing to another.
    pub account_id: AccountId,
    /// The key, by SHA-256 in hexadecimal.
    pub key_hash: String,
    /// The document, the operation's name and the variables, by SHA-256 in hexadecimal.
    pub request_hash: String,
    pub created_at: DateTimeUtc,
    /// When the request that works on it began. What it writes is written only while this is the same.
    pub claimed_at: DateTimeUtc,
    /// Whether something was written; true from the same moment on as what was written is there.
    pub has_acted: bool,
    /// The `data` of the first answer, in JSON; null until there is one.
    pub answer: Option<Personal>,
}

impl ActiveModelBehavior for ActiveModel {}
