//! A kind of profession (design, data, …) that groups roles and suggests their skills. Reference data.

use sea_orm::entity::prelude::*;

use crate::id::RoleFamilyId;

/// A kind of profession.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_family")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleFamilyId,
    pub label_en: String,
    pub label_fr: String,
    #[sea_orm(has_many, via = "role_family_skill")]
    pub skills: HasMany<super::skill::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
