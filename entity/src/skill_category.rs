//! A shelf on which skills stand in lists. Reference data, loaded from files.

use sea_orm::entity::prelude::*;

use crate::id::SkillCategoryId;

/// A group of skills.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "skill_category")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SkillCategoryId,
    pub label_en: String,
    pub label_fr: String,
    #[sea_orm(has_many)]
    pub skills: HasMany<super::skill::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
