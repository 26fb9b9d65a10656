//! A public-benefit organization.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::organization;

use super::language::Language;
use super::localized_text::LocalizedText;
use super::membership::Membership;
use super::project::{Project, ProjectOrder, ProjectState, ProjectTotals};
use super::responsiveness::Responsiveness;
use super::vetting_record::VettingRecord;
use crate::domain::organizations::{self, list};
use crate::domain::projects::list as projects;
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::organization::{MembersOf, ResponsivenessOf, VettingRecordsOf};
use crate::graphql::loaders::project::{ProjectCountOf, ProjectsOf};
use crate::graphql::page::{OpaqueCursor, connection};
use crate::policy::organization::{OrganizationAction, decide};
use crate::store::page::PageArguments;

/// A public-benefit organization.
pub struct Organization(pub organization::Model);

/// A public-benefit organization.
#[Object]
impl Organization {
    /// The organization's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// The readable part of its address; never changes.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What makes it one of public benefit.
    async fn kind(&self) -> OrganizationKind {
        self.0.kind.into()
    }

    /// Its registration number, if it is a registered charity.
    async fn charity_number(&self) -> Option<&str> {
        self.0.charity_number.as_deref()
    }

    /// Its web address.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// Its city.
    async fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    /// The two letters of its province or territory.
    async fn province(&self) -> Option<&str> {
        self.0.province.as_deref()
    }

    /// The language its description was written in first.
    async fn original_language(&self) -> Language {
        self.0.original_language.into()
    }

    /// What it does.
    async fn description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<LocalizedText> {
        LocalizedText::choose_present(
            ctx.request()?,
            language,
            self.0.original_language,
            self.0.description_en.as_deref(),
            self.0.description_fr.as_deref(),
        )
    }

    /// Where it stands in vetting; `EXPIRED` as soon as its vetting has run out.
    async fn state(&self, ctx: &Context<'_>) -> Result<OrganizationState> {
        let facts = organizations::facts(&self.0, ctx.request()?.now());
        Ok(facts.state.into())
    }

    /// When it was last submitted for vetting; null for those outside.
    async fn submitted_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let is_insider = self.allows(ctx, OrganizationAction::ViewMembers)?;
        Ok(self.0.submitted_at.filter(|_| is_insider))
    }

    /// Until when its vetting holds; null for those outside.
    async fn vetted_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let is_insider = self.allows(ctx, OrganizationAction::ViewMembers)?;
        Ok(self.0.vetted_until.filter(|_| is_insider))
    }

    /// Who belongs to it and who asked to, oldest first; null for those outside.
    async fn memberships(&self, ctx: &Context<'_>) -> Result<Option<Vec<Membership>>> {
        if !self.allows(ctx, OrganizationAction::ViewMembers)? {
            return Ok(None);
        }
        let found = ctx.loaders()?.load_one(MembersOf(self.0.id)).await;
        let rows = loaded(ctx.request()?, found)?.unwrap_or_default();
        Ok(Some(rows.into_iter().map(Membership).collect()))
    }

    /// What coordinators decided about it, latest first; null for those outside.
    async fn vetting_records(&self, ctx: &Context<'_>) -> Result<Option<Vec<VettingRecord>>> {
        if !self.allows(ctx, OrganizationAction::ViewMembers)? {
            return Ok(None);
        }
        let request = ctx.request()?;
        let facts = organizations::facts(&self.0, request.now());
        let found = ctx.loaders()?.load_one(VettingRecordsOf(self.0.id)).await;
        let rows = loaded(request, found)?.unwrap_or_default();
        let record = |record| VettingRecord {
            record,
            organization: facts,
        };
        Ok(Some(rows.into_iter().map(record).collect()))
    }

    /// How it answered the offers of the last 180 days; null for those outside.
    async fn responsiveness(&self, ctx: &Context<'_>) -> Result<Option<Responsiveness>> {
        if !self.allows(ctx, OrganizationAction::ViewMembers)? {
            return Ok(None);
        }
        let key = ResponsivenessOf(self.0.id);
        let found = loaded(ctx.request()?, ctx.loaders()?.load_one(key).await)?;
        Ok(Some(found.unwrap_or_default().into()))
    }

    /// Its projects that you may see.
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments are fixed")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "In one of these states; when absent, published or in progress and accepting people."
        )]
        states: Option<Vec<ProjectState>>,
        #[graphql(desc = "In which order.", default)] order_by: ProjectOrder,
        #[graphql(desc = "So many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, Project, ProjectTotals, EmptyFields>> {
        let request = ctx.request()?;
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let order = order_by.in_language_of(request);
        let page = projects::page_request(order, &arguments).map_err(DomainError::from);
        let key = ProjectsOf {
            organization_id: self.0.id,
            states: states.map(|states| states.into_iter().map(Into::into).collect()),
            order,
            page: graphql(request, page)?,
        };
        let totals = ProjectTotals::OfOrganization(ProjectCountOf {
            organization_id: key.organization_id,
            states: key.states.clone(),
        });
        let found = loaded(request, ctx.loaders()?.load_one(key).await)?;
        let page = graphql(request, found.ok_or(DomainError::NotFound))?;
        Ok(connection(page, totals, Project))
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

impl Organization {
    /// The organization, if the asker may see it.
    pub fn visible(ctx: &Context<'_>, organization: organization::Model) -> Result<Option<Self>> {
        let organization = Self(organization);
        let is_visible = organization.allows(ctx, OrganizationAction::View)?;
        Ok(is_visible.then_some(organization))
    }

    fn allows(&self, ctx: &Context<'_>, action: OrganizationAction) -> Result<bool> {
        let request = ctx.request()?;
        let facts = organizations::facts(&self.0, request.now());
        Ok(decide(&request.actor, action, facts).is_allowed())
    }
}

/// What is told about a whole list of organizations.
pub struct OrganizationTotals(pub list::Filter);

/// What is told about a whole list of organizations.
#[Object]
impl OrganizationTotals {
    /// How many there are on all pages; costs a statement of its own.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, list::count(request, &self.0).await)
    }
}

/// What makes an organization one of public benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "organization::OrganizationKind")]
pub enum OrganizationKind {
    /// A not-for-profit corporation.
    Nonprofit,
    /// A registered charity.
    Charity,
    /// A group without a legal form of its own.
    CommunityGroup,
    /// A municipality, library, school board or the like.
    PublicBody,
    /// A cooperative with a public purpose.
    Cooperative,
}

/// Where an organization stands in vetting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "organization::OrganizationState")]
pub enum OrganizationState {
    /// Being written; seen by its members only.
    Draft,
    /// Waiting for a coordinator.
    Submitted,
    /// A coordinator looks at it.
    InReview,
    /// May publish projects.
    Vetted,
    /// Its members were asked for more.
    NeedsInfo,
    /// Not accepted.
    Rejected,
    /// Under doubt; its listings are hidden.
    Flagged,
    /// The vetting ran out; its listings are hidden.
    Expired,
    /// Its owner took it back.
    Withdrawn,
}

/// In which order organizations are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum OrganizationOrder {
    /// By name.
    #[default]
    Name,
    /// Those first that have waited longest since they were submitted.
    LongestWaiting,
}

impl From<OrganizationOrder> for list::Order {
    fn from(order: OrganizationOrder) -> Self {
        match order {
            OrganizationOrder::Name => Self::Name,
            OrganizationOrder::LongestWaiting => Self::LongestWaiting,
        }
    }
}
