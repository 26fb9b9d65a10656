//! The authenticator app of an account: the secret that both sides know, and how far its codes were taken.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// The authenticator app of an account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// 160 bits, sealed.
    pub sealed_secret: String,
    pub created_at: DateTimeUtc,
    /// When a first code showed that the app has the secret; until then it protects nothing.
    pub confirmed_at: Option<DateTimeUtc>,
    /// The step of 30 seconds since 1970 whose code was taken last: no code is taken twice. Present exactly when
    /// `confirmed_at` is.
    pub last_step: Option<i64>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
