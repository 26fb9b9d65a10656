//! Finding projects and roles.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::id::{OrganizationId, ProjectId, RoleId};

use super::found;
use super::organization::either_id_or_slug;
use crate::domain::projects::filter::{Filter, Near};
use crate::domain::{projects, roles};
use crate::error::{DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::{GlobalId, decode};
use crate::graphql::page::OpaqueCursor;
use crate::graphql::types::project::{
    Engagement, Project, ProjectOrder, ProjectStage, ProjectState, ProjectTotals, project_page,
};
use crate::graphql::types::role::Role;
use crate::policy::project::ProjectAction;
use crate::policy::role::RoleAction;
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct ProjectQuery;

#[Object]
impl ProjectQuery {
    /// One project, by id or by slug; null when there is none that you may see.
    async fn project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Option<ID>,
        #[graphql(desc = "Its slug, instead of the id.")] slug: Option<String>,
    ) -> Result<Option<Project>> {
        let request = ctx.request()?;
        let outcome = async {
            match (id, slug) {
                (Some(id), None) => {
                    let id: ProjectId = decode(&id, "id")?;
                    let connection = &request.app.store.connection;
                    let found = projects::load(request, connection, id, ProjectAction::View);
                    found.await.map(|(project, _)| project)
                }
                (None, Some(slug)) => projects::load_by_slug(request, &slug).await,
                _ => Err(either_id_or_slug()),
            }
        };
        Ok(found(request, outcome.await)?.map(Project))
    }

    /// Projects that you may see: public ones that accept people, unless you name other states.
    #[allow(
        clippy::too_many_arguments,
        reason = "Relay's four arguments, the filter and the order"
    )]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.", default)] filter: ProjectFilter,
        #[graphql(desc = "In which order.", default)] order_by: ProjectOrder,
        #[graphql(desc = "So many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, Project, ProjectTotals, EmptyFields>> {
        let request = ctx.request()?;
        let filter = graphql(request, filter.decode().map_err(DomainError::from))?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        project_page(request, filter, order_by, &page).await
    }

    /// One role; null when there is none that you may see.
    async fn role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<Role>> {
        let request = ctx.request()?;
        let outcome = async {
            let id: RoleId = decode(&id, "id")?;
            let connection = &request.app.store.connection;
            roles::load(request, connection, id, RoleAction::View).await
        };
        Ok(found(request, outcome.await)?.map(|(role, _)| Role(role)))
    }
}

/// Which projects. What is absent does not matter; what is said about roles must all hold for one open role.
#[derive(Default, InputObject)]
struct ProjectFilter {
    /// Of this organization.
    organization_id: Option<ID>,
    /// In one of these states; when absent, published or in progress and accepting people.
    states: Option<Vec<ProjectState>>,
    /// With a role that asks for one of these skills.
    skill_ids: Option<Vec<ID>>,
    /// Working for one of these causes.
    cause_ids: Option<Vec<ID>>,
    /// With a role that needs no language but these (ISO 639-1 codes).
    languages: Option<Vec<String>>,
    /// True: with remote work. False: with work on site. Together with `near`, true adds what is remote to what is near.
    is_remote: Option<bool>,
    /// With work on site within a circle.
    near: Option<NearInput>,
    /// With a role of at most so many hours a week, 1 to 168.
    hours_at_most: Option<i32>,
    /// With each of these words, in either language and without regard to case and accents.
    text: Option<String>,
    /// In one of these stages.
    stages: Option<Vec<ProjectStage>>,
    /// Of one of these shapes.
    engagements: Option<Vec<Engagement>>,
}

impl ProjectFilter {
    fn decode(self) -> Result<Filter, Violation> {
        Ok(Filter {
            organization_id: self
                .organization_id
                .map(|id| decode::<OrganizationId>(&id, "filter.organizationId"))
                .transpose()?,
            states: convert(self.states),
            skill_ids: decode_all(self.skill_ids, "filter.skillIds")?,
            cause_ids: decode_all(self.cause_ids, "filter.causeIds")?,
            languages: self.languages,
            is_remote: self.is_remote,
            near: self.near.map(Into::into),
            hours_at_most: self.hours_at_most,
            text: self.text,
            stages: convert(self.stages),
            engagements: convert(self.engagements),
        })
    }
}

/// A circle around a city or a position.
#[derive(InputObject)]
struct NearInput {
    /// A city's name, in either language.
    city: Option<String>,
    /// Degrees north, instead of the city.
    latitude: Option<f64>,
    /// Degrees east, instead of the city.
    longitude: Option<f64>,
    /// Kilometres, 1 to 500.
    radius_km: i32,
}

impl From<NearInput> for Near {
    fn from(input: NearInput) -> Self {
        Self {
            city: input.city,
            latitude: input.latitude,
            longitude: input.longitude,
            radius_km: input.radius_km,
        }
    }
}

fn convert<A, B: From<A>>(values: Option<Vec<A>>) -> Option<Vec<B>> {
    values.map(|values| values.into_iter().map(Into::into).collect())
}

fn decode_all<T: GlobalId>(ids: Option<Vec<ID>>, field: &str) -> Result<Option<Vec<T>>, Violation> {
    ids.map(|ids| {
        ids.iter()
            .enumerate()
            .map(|(index, id)| decode(id, &format!("{field}.{index}")))
            .collect()
    })
    .transpose()
}
