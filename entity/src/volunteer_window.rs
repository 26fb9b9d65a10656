//! When in the week a volunteer is free, in the volunteer's time zone.

use sea_orm::entity::prelude::*;

use crate::id::{VolunteerId, VolunteerWindowId};
use crate::weekday::Weekday;

/// A weekly stretch of time in which the volunteer is free.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteer_window")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VolunteerWindowId,
    pub volunteer_id: VolunteerId,
    pub weekday: Weekday,
    /// Minutes after midnight, 0 to 1,439.
    pub start_minute: i16,
    /// Minutes after midnight, exclusive: after `start_minute`, up to 1,440.
    pub end_minute: i16,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
