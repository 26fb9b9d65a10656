//! Whom an identity provider knows somebody as: what its log-in says is the owner of an account here.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, IdentityId};
use crate::personal::Personal;

/// An identity that is linked to an account: one account's alone, and at most one of a provider.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityId,
    pub account_id: AccountId,
    /// The provider, as its tokens name it: an address.
    pub issuer: String,
    /// What the provider calls the person, never reassigned: 1 to 255 bytes.
    pub subject: Personal,
    pub linked_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
