//! Days on which a volunteer is away.

use sea_orm::entity::prelude::*;

use crate::id::{TimeOffId, VolunteerId};

/// A stretch of days on which a volunteer is away.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "time_off")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TimeOffId,
    pub volunteer_id: VolunteerId,
    pub starts_on: Date,
    /// Inclusive; not before `starts_on`.
    pub ends_on: Date,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
