//! Which skills a role family suggests. Reference data.

use sea_orm::entity::prelude::*;

use crate::id::{RoleFamilyId, SkillId};

/// A skill that a role family suggests.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_family_skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_family_id: RoleFamilyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub skill_id: SkillId,
    #[sea_orm(belongs_to, from = "role_family_id", to = "id")]
    pub role_family: BelongsTo<super::role_family::Entity>,
    #[sea_orm(belongs_to, from = "skill_id", to = "id")]
    pub skill: BelongsTo<super::skill::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
