//! Something an organization wants done.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{organization, project};

use super::cause::Cause;
use super::language::Language;
use super::localized_text::LocalizedText;
use super::location::{Location, LocationMode};
use super::organization::Organization;
use super::role::Role;
use crate::context::Context as Request;
use crate::domain::projects::filter::Filter;
use crate::domain::projects::{self, list};
use crate::domain::roles;
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::project::{ProjectCauses, ProjectCountOf, RolesOf};
use crate::graphql::page::{OpaqueCursor, connection};
use crate::policy;
use crate::policy::project::ProjectAction;
use crate::policy::role::RoleAction;
use crate::store::page::PageArguments;

/// Something an organization wants done.
pub struct Project(pub project::Model);

/// Something an organization wants done.
#[Object]
impl Project {
    /// The project's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// The readable part of its address; never changes.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Whose it is.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Organization> {
        self.load_organization(ctx).await.map(Organization)
    }

    /// The language it was written in first.
    async fn original_language(&self) -> Language {
        self.0.original_language.into()
    }

    /// What it is called.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<LocalizedText> {
        let (en, fr) = (self.0.title_en.as_deref(), self.0.title_fr.as_deref());
        let original = self.0.original_language;
        LocalizedText::choose_present(ctx.request()?, language, original, en, fr)
    }

    /// It in one or two sentences.
    async fn summary(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<Option<LocalizedText>> {
        let (en, fr) = (self.0.summary_en.as_deref(), self.0.summary_fr.as_deref());
        let original = self.0.original_language;
        Ok(LocalizedText::choose(
            ctx.request()?,
            language,
            original,
            en,
            fr,
        ))
    }

    /// What is wrong now, and for whom.
    async fn problem(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<Option<LocalizedText>> {
        let (en, fr) = (self.0.problem_en.as_deref(), self.0.problem_fr.as_deref());
        let original = self.0.original_language;
        Ok(LocalizedText::choose(
            ctx.request()?,
            language,
            original,
            en,
            fr,
        ))
    }

    /// What shall be there at the end.
    async fn outcome(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<Option<LocalizedText>> {
        let (en, fr) = (self.0.outcome_en.as_deref(), self.0.outcome_fr.as_deref());
        let original = self.0.original_language;
        Ok(LocalizedText::choose(
            ctx.request()?,
            language,
            original,
            en,
            fr,
        ))
    }

    /// How far the thing itself has come.
    async fn stage(&self) -> ProjectStage {
        self.0.stage.into()
    }

    /// The shape of the work.
    async fn engagement(&self) -> Engagement {
        self.0.engagement.into()
    }

    /// Where it stands between its organization and the coordinators.
    async fn state(&self) -> ProjectState {
        self.0.state.into()
    }

    /// Whether people may come forward now.
    async fn is_accepting(&self) -> bool {
        self.0.is_accepting
    }

    /// What it works for.
    async fn causes(&self, ctx: &Context<'_>) -> Result<Vec<Cause>> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let ids = loaders.load_one(ProjectCauses(self.0.id)).await;
        let ids = loaded(request, ids)?.unwrap_or_default();
        let mut causes = loaded(request, loaders.load_many(ids.clone()).await)?;
        Ok(ids
            .iter()
            .filter_map(|id| causes.remove(id).map(Cause))
            .collect())
    }

    /// Its roles that you may see, oldest first; drafts are seen by its organization and by coordinators.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<Role>> {
        let request = ctx.request()?;
        let organization = self.load_organization(ctx).await?;
        let found = ctx.loaders()?.load_one(RolesOf(self.0.id)).await;
        let rows = loaded(request, found)?.unwrap_or_default();
        Ok(rows
            .into_iter()
            .filter(|role| {
                let facts = roles::facts(role, &self.0, &organization, request.now());
                policy::role::decide(&request.actor, RoleAction::View, facts).is_allowed()
            })
            .map(Role)
            .collect())
    }

    /// The first day.
    async fn starts_on(&self) -> Option<NaiveDate> {
        self.0.starts_on
    }

    /// The last day.
    async fn ends_on(&self) -> Option<NaiveDate> {
        self.0.ends_on
    }

    /// Where the work is done.
    async fn location_mode(&self) -> LocationMode {
        self.0.location_mode.into()
    }

    /// The place of what is done on site.
    async fn location(&self) -> Option<Location> {
        Location::new(self.0.city.as_deref(), self.0.latitude, self.0.longitude)
    }

    /// IANA time zone.
    async fn zone(&self) -> &str {
        &self.0.zone
    }

    /// Where its code is.
    async fn code_url(&self) -> Option<&str> {
        self.0.code_url.as_deref()
    }

    /// Its own web address.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// What the coordinator wrote when returning it; null for those outside.
    async fn review_comment(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let Some(comment) = self.0.review_comment.as_deref() else {
            return Ok(None);
        };
        let request = ctx.request()?;
        let organization = self.load_organization(ctx).await?;
        let facts = projects::facts(&self.0, &organization, request.now());
        let decision = policy::project::decide(&request.actor, ProjectAction::ViewReview, facts);
        Ok(decision.is_allowed().then_some(comment))
    }

    /// When it was first published.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }

    /// Counts changes; name it in the next one.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

impl Project {
    /// The project, if the asker may see it.
    pub async fn visible(ctx: &Context<'_>, project: project::Model) -> Result<Option<Self>> {
        let (project, request) = (Self(project), ctx.request()?);
        let organization = project.load_organization(ctx).await?;
        let facts = projects::facts(&project.0, &organization, request.now());
        let decision = policy::project::decide(&request.actor, ProjectAction::View, facts);
        Ok(decision.is_allowed().then_some(project))
    }

    pub(super) async fn load_organization(&self, ctx: &Context<'_>) -> Result<organization::Model> {
        let request = ctx.request()?;
        let found = ctx.loaders()?.load_one(self.0.organization_id).await;
        let organization = loaded(request, found)?;
        graphql(request, organization.ok_or(DomainError::NotFound))
    }
}

/// A page of a list of projects.
pub(in crate::graphql) async fn project_page(
    request: &Request,
    filter: Filter,
    order: ProjectOrder,
    page: &PageArguments,
) -> Result<Connection<OpaqueCursor, Project, ProjectTotals, EmptyFields>> {
    let order = order.in_language_of(request);
    let page = graphql(request, list::run(request, &filter, order, page).await)?;
    Ok(connection(page, ProjectTotals::Listed(filter), Project))
}

/// What is told about a whole list of projects.
pub enum ProjectTotals {
    /// A list that stands alone.
    Listed(Filter),
    /// One of many, counted together with the others.
    OfOrganization(ProjectCountOf),
}

/// What is told about a whole list of projects.
#[Object]
impl ProjectTotals {
    /// How many there are on all pages; costs a statement of its own.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        match self {
            Self::Listed(filter) => graphql(request, list::count(request, filter).await),
            Self::OfOrganization(key) => {
                let count = ctx.loaders()?.load_one(key.clone()).await;
                Ok(loaded(request, count)?.unwrap_or_default())
            }
        }
    }
}

/// In which order projects are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum ProjectOrder {
    /// Last published first.
    #[default]
    Newest,
    /// Earliest first day first; without a first day last.
    StartingSoon,
    /// By title in the request's language, without regard to case and accents.
    Title,
}

impl ProjectOrder {
    pub(super) const fn in_language_of(self, request: &Request) -> list::Order {
        match self {
            Self::Newest => list::Order::Newest,
            Self::StartingSoon => list::Order::StartingSoon,
            Self::Title => list::Order::Title(request.language),
        }
    }
}

/// How far the thing itself has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "project::ProjectStage")]
pub enum ProjectStage {
    /// Nothing is built yet.
    Idea,
    /// Something can be shown.
    Prototype,
    /// People use it.
    Live,
    /// It runs and is kept running.
    Maintenance,
}

/// The shape of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "project::Engagement")]
pub enum Engagement {
    /// A beginning, an end and a result.
    Project,
    /// Steady help.
    Ongoing,
    /// One date, such as a hackathon.
    Event,
}

/// Where a project stands between its organization and the coordinators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "project::ProjectState")]
pub enum ProjectState {
    /// Being written.
    Draft,
    /// Waiting for a coordinator.
    Submitted,
    /// Given back with comments.
    Returned,
    /// Public; its roles may be filled.
    Published,
    /// Hidden for a while.
    Paused,
    /// Work is under way.
    InProgress,
    /// Done.
    Completed,
    /// Given up.
    Cancelled,
    /// Kept for the record.
    Archived,
}
