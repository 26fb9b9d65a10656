//! When an account was last used, as far as the rows that tell it are gone, and what its owner was told since.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// The activity of one account; without a row, nothing was noted yet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_activity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The last use of the sessions that were deleted.
    pub last_used_at: Option<DateTimeUtc>,
    /// When the owner was first told that the account will be closed.
    pub first_notice_at: Option<DateTimeUtc>,
    /// When the owner was told for the last time; only after the first.
    pub last_notice_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
