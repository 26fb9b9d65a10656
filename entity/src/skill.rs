//! A concept, not a string: something one can do, with a label in each language. Reference data.

use sea_orm::entity::prelude::*;

use crate::id::{SkillCategoryId, SkillId};

/// Something one can do.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SkillId,
    pub label_en: String,
    pub label_fr: String,
    /// The English label without case and accents.
    pub folded_en: String,
    /// The French label without case and accents.
    pub folded_fr: String,
    pub category_id: SkillCategoryId,
    /// Kept for what refers to it; not offered any more.
    pub is_retired: bool,
    #[sea_orm(belongs_to, from = "category_id", to = "id")]
    pub category: BelongsTo<super::skill_category::Entity>,
    #[sea_orm(has_many)]
    pub aliases: HasMany<super::skill_alias::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
