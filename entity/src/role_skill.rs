//! Which skills a role asks for.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{RoleId, RoleSkillId, SkillId};

choice! {
    /// How much the role depends on the skill.
    pub enum RoleSkillKind {
        /// Without it nobody is proposed.
        MustHave = "must_have",
        /// Counts in favour.
        NiceToHave = "nice_to_have",
    }
}

/// A skill that a role asks for; at most once per role.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleSkillId,
    #[sea_orm(unique_key = "skill")]
    pub role_id: RoleId,
    #[sea_orm(unique_key = "skill")]
    pub skill_id: SkillId,
    pub kind: RoleSkillKind,
    /// 1 (beginner) to 5 (expert).
    pub level: i16,
    /// Importance among the role's skills, 1 to 100.
    pub weight: i16,
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
    #[sea_orm(belongs_to, from = "skill_id", to = "id")]
    pub skill: BelongsTo<super::skill::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
