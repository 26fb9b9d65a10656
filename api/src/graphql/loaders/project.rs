//! Projects by id, their causes and their roles.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{CauseId, ProjectId};
use entity::{project, project_cause, role};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Reader, group, store};
use crate::error::DomainError;

/// The causes of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProjectCauses(pub ProjectId);

/// The roles of a project, drafts included, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RolesOf(pub ProjectId);

impl Loader<ProjectId> for Reader {
    type Value = project::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ProjectId],
    ) -> Result<HashMap<ProjectId, Self::Value>, Self::Error> {
        let rows = project::Entity::find()
            .filter(project::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<ProjectCauses> for Reader {
    type Value = Vec<CauseId>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ProjectCauses],
    ) -> Result<HashMap<ProjectCauses, Self::Value>, Self::Error> {
        let rows = project_cause::Entity::find()
            .filter(
                project_cause::COLUMN
                    .project_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(project_cause::Column::CauseId)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (ProjectCauses(row.project_id), row.cause_id)),
        ))
    }
}

impl Loader<RolesOf> for Reader {
    type Value = Vec<role::Model>;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[RolesOf]) -> Result<HashMap<RolesOf, Self::Value>, Self::Error> {
        let rows = role::Entity::find()
            .filter(role::COLUMN.project_id.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(role::Column::Id)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter().map(|row| (RolesOf(row.project_id), row)),
        ))
    }
}
