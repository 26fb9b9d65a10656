//! Which spoken languages a role asks for.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::RoleId;

choice! {
    /// How much the role depends on the language.
    pub enum RoleLanguageKind {
        /// Without it nobody is proposed.
        Required = "required",
        /// Counts in favour.
        Preferred = "preferred",
    }
}

/// A spoken language that a role asks for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_language")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: RoleId,
    /// ISO 639 code, two or three lower-case letters.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: String,
    pub kind: RoleLanguageKind,
    #[sea_orm(belongs_to, from = "role_id", to = "id")]
    pub role: BelongsTo<super::role::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
