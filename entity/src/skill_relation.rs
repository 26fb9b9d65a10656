//! How near two skills are: knowing one is worth part of knowing the other. Symmetric, each pair stored
//! once. Reference data.

use sea_orm::entity::prelude::*;

use crate::id::SkillId;

/// The nearness of two skills, stored with `skill_a < skill_b`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "skill_relation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub skill_a: SkillId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub skill_b: SkillId,
    /// Basis points, 0 (unrelated) to 10,000 (the same).
    pub weight_bp: i32,
}

impl ActiveModelBehavior for ActiveModel {}
