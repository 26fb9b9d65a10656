//! Projects by id, their causes and their roles, and those of organizations.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{CauseId, OrganizationId, ProjectId};
use entity::project::ProjectState;
use entity::{project, project_cause, role};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Reader, group, store};
use crate::domain::projects::filter::Filter;
use crate::domain::projects::list::{self, Order};
use crate::error::DomainError;
use crate::store::page::{Page, PageRequest};

/// The causes of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProjectCauses(pub ProjectId);

/// The roles of a project, drafts included, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RolesOf(pub ProjectId);

/// A page of an organization's projects that the asker may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectsOf {
    /// The organization.
    pub organization_id: OrganizationId,
    /// As in [`Filter::states`].
    pub states: Option<Vec<ProjectState>>,
    /// In which order.
    pub order: Order,
    /// Which page of them in this order.
    pub page: PageRequest,
}

/// How many of an organization's projects the asker may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProjectCountOf {
    /// The organization.
    pub organization_id: OrganizationId,
    /// As in [`Filter::states`].
    pub states: Option<Vec<ProjectState>>,
}

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

impl Loader<ProjectsOf> for Reader {
    type Value = Page<project::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ProjectsOf],
    ) -> Result<HashMap<ProjectsOf, Self::Value>, Self::Error> {
        let alike = |key: &ProjectsOf| (key.states.clone(), key.order, key.page.clone());
        let mut found = HashMap::new();
        for ((states, order, page), keys) in group(keys.iter().map(|key| (alike(key), key))) {
            let organizations: Vec<_> = keys.iter().map(|key| key.organization_id).collect();
            let filter = of_states(states);
            let mut pages = list::run_each(&self.request, &organizations, &filter, order, &page)
                .await
                .map_err(Arc::new)?;
            found.extend(keys.into_iter().filter_map(|key| {
                let page = pages.remove(&key.organization_id)?;
                Some((key.clone(), page))
            }));
        }
        Ok(found)
    }
}

impl Loader<ProjectCountOf> for Reader {
    type Value = u64;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ProjectCountOf],
    ) -> Result<HashMap<ProjectCountOf, Self::Value>, Self::Error> {
        let mut found = HashMap::new();
        for (states, keys) in group(keys.iter().map(|key| (key.states.clone(), key))) {
            let organizations: Vec<_> = keys.iter().map(|key| key.organization_id).collect();
            let counts = list::count_each(&self.request, &organizations, &of_states(states))
                .await
                .map_err(Arc::new)?;
            found.extend(keys.into_iter().map(|key| {
                let count = counts.get(&key.organization_id).copied();
                (key.clone(), count.unwrap_or_default())
            }));
        }
        Ok(found)
    }
}

fn of_states(states: Option<Vec<ProjectState>>) -> Filter {
    Filter {
        states,
        ..Filter::default()
    }
}
