//! Other words by which people know a skill. Reference data.

use sea_orm::entity::prelude::*;

use crate::id::{SkillAliasId, SkillId};
use crate::language::Language;

/// Another word for a skill, in one language.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "skill_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SkillAliasId,
    #[sea_orm(unique_key = "alias")]
    pub skill_id: SkillId,
    #[sea_orm(unique_key = "alias")]
    pub language: Language,
    pub label: String,
    /// The label without case and accents.
    #[sea_orm(unique_key = "alias")]
    pub folded: String,
    #[sea_orm(belongs_to, from = "skill_id", to = "id")]
    pub skill: BelongsTo<super::skill::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
