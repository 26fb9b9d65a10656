//! Which causes a project works for.

use sea_orm::entity::prelude::*;

use crate::id::{CauseId, ProjectId};

/// A cause that a project works for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project_cause")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub project_id: ProjectId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub cause_id: CauseId,
    #[sea_orm(belongs_to, from = "project_id", to = "id")]
    pub project: BelongsTo<super::project::Entity>,
    #[sea_orm(belongs_to, from = "cause_id", to = "id")]
    pub cause: BelongsTo<super::cause::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
