//! What a volunteer can do or wants to learn.

use sea_orm::entity::prelude::*;

use crate::id::{SkillId, VolunteerId};

/// A skill of a volunteer: known to a level, wanted, or both.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "volunteer_skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub volunteer_id: VolunteerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub skill_id: SkillId,
    /// 1 (beginner) to 5 (expert); absent only for a skill to be learned.
    pub level: Option<i16>,
    /// Years of practice, 0 to 60.
    pub years: Option<i16>,
    pub wants_to_learn: bool,
    #[sea_orm(belongs_to, from = "volunteer_id", to = "id")]
    pub volunteer: BelongsTo<super::volunteer::Entity>,
    #[sea_orm(belongs_to, from = "skill_id", to = "id")]
    pub skill: BelongsTo<super::skill::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
