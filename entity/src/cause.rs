//! A concept: what a project works for and a volunteer cares about. Reference data.

use sea_orm::entity::prelude::*;

use crate::id::CauseId;

/// Something to work for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cause")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CauseId,
    pub label_en: String,
    pub label_fr: String,
    /// The English label without case and accents.
    pub folded_en: String,
    /// The French label without case and accents.
    pub folded_fr: String,
}

impl ActiveModelBehavior for ActiveModel {}
