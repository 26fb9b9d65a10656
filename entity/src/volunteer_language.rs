//! Which languages a volunteer speaks.

use sea_orm::entity::prelude::*;

use crate::id::VolunteerId;

/// A language that a volunteer speaks.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteer_language")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub volunteer_id: VolunteerId,
    /// ISO 639 code, two or three lower-case letters.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: String,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
