//! When in the week a role meets, in the role's time zone.

use sea_orm::entity::prelude::*;

use crate::id::{RoleId, RoleWindowId};
use crate::weekday::Weekday;

/// A weekly stretch of time in which the role meets.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_window")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleWindowId,
    pub role_id: RoleId,
    pub weekday: Weekday,
    /// Minutes after midnight, 0 to 1,439.
    pub start_minute: i16,
    /// Minutes after midnight, exclusive: after `start_minute`, up to 1,440.
    pub end_minute: i16,
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
