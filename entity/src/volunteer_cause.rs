//! Which causes a volunteer cares about.

use sea_orm::entity::prelude::*;

use crate::id::{CauseId, VolunteerId};

/// A cause that a volunteer cares about.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteer_cause")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub volunteer_id: VolunteerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub cause_id: CauseId,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
    #[sea_orm(belongs_to, from = "cause_id", to = "id")]
    pub cause: BelongsTo<super::cause::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
