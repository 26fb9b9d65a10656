//! What a project says about itself.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use chrono::NaiveDate;
use entity::id::CauseId;

use super::payload::{change, payloads};
use crate::domain::projects;
use crate::error::Violation;
use crate::graphql::context::RequestExt as _;
use crate::graphql::id::decode;
use crate::graphql::types::language::Language;
use crate::graphql::types::localized_text::LocalizedTextInput;
use crate::graphql::types::location::{LocationInput, LocationMode};
use crate::graphql::types::project::{Engagement, Project, ProjectStage};
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct ProjectMutation;

#[Object]
impl ProjectMutation {
    /// Creates a project: a draft that its organization and coordinators see. For owners and managers.
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization, and what the project says about itself.")]
        input: CreateProjectInput,
    ) -> Result<CreateProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::create::run(request, &input)).await
        };
        CreateProjectPayload::new(request, outcome.await)
    }

    /// Changes a project; while it is public, at once for everybody.
    async fn update_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What shall change.")] input: UpdateProjectInput,
    ) -> Result<UpdateProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::update::run(request, &input)).await
        };
        UpdateProjectPayload::new(request, outcome.await)
    }
}

/// A new project of an organization.
#[derive(InputObject)]
struct CreateProjectInput {
    /// The organization.
    organization_id: ID,
    /// The language in which the title is given at least.
    original_language: Language,
    /// What it is called, up to 120 characters a language.
    title: LocalizedTextInput,
    /// It in one or two sentences, up to 300 characters a language.
    #[graphql(default)]
    summary: LocalizedTextInput,
    /// What is wrong now, and for whom, up to 4,000 characters a language.
    #[graphql(default)]
    problem: LocalizedTextInput,
    /// What shall be there at the end, up to 2,000 characters a language.
    #[graphql(default)]
    outcome: LocalizedTextInput,
    /// How far the thing itself has come.
    stage: ProjectStage,
    /// The shape of the work.
    engagement: Engagement,
    /// What it works for, up to 5.
    #[graphql(default)]
    cause_ids: Vec<ID>,
    /// The first day.
    starts_on: Option<NaiveDate>,
    /// The last day.
    ends_on: Option<NaiveDate>,
    /// Where the work is done.
    location_mode: LocationMode,
    /// The place; needed unless all work is remote.
    #[graphql(default)]
    place: LocationInput,
    /// IANA time zone.
    #[graphql(default = "America/Toronto")]
    zone: String,
    /// Where its code is.
    code_url: Option<String>,
    /// Its own web address.
    website: Option<String>,
}

impl CreateProjectInput {
    fn decode(self) -> std::result::Result<projects::create::Input, Violation> {
        Ok(projects::create::Input {
            organization_id: decode(&self.organization_id, "organizationId")?,
            content: projects::create::Content {
                original_language: self.original_language.into(),
                title: self.title.into(),
                summary: self.summary.into(),
                problem: self.problem.into(),
                outcome: self.outcome.into(),
                stage: self.stage.into(),
                engagement: self.engagement.into(),
                cause_ids: decode_causes(&self.cause_ids)?,
                starts_on: self.starts_on,
                ends_on: self.ends_on,
                location_mode: self.location_mode.into(),
                place: self.place.into(),
                zone: self.zone,
                code_url: self.code_url,
                website: self.website,
            },
        })
    }
}

/// What shall change; what is absent stays, null empties. A text replaces both its languages.
#[derive(InputObject)]
struct UpdateProjectInput {
    /// The project.
    project_id: ID,
    /// The version you read.
    expected_version: i32,
    /// The language in which the title is given at least.
    original_language: Option<Language>,
    /// What it is called, up to 120 characters a language.
    title: Option<LocalizedTextInput>,
    /// It in one or two sentences, up to 300 characters a language.
    summary: Option<LocalizedTextInput>,
    /// What is wrong now, and for whom, up to 4,000 characters a language.
    problem: Option<LocalizedTextInput>,
    /// What shall be there at the end, up to 2,000 characters a language.
    outcome: Option<LocalizedTextInput>,
    /// How far the thing itself has come.
    stage: Option<ProjectStage>,
    /// The shape of the work.
    engagement: Option<Engagement>,
    /// What it works for, up to 5; replaces all.
    cause_ids: Option<Vec<ID>>,
    /// The first day.
    starts_on: MaybeUndefined<NaiveDate>,
    /// The last day.
    ends_on: MaybeUndefined<NaiveDate>,
    /// Where the work is done.
    location_mode: Option<LocationMode>,
    /// The place; replaces city and position.
    place: Option<LocationInput>,
    /// IANA time zone.
    zone: Option<String>,
    /// Where its code is.
    code_url: MaybeUndefined<String>,
    /// Its own web address.
    website: MaybeUndefined<String>,
}

impl UpdateProjectInput {
    fn decode(self) -> std::result::Result<projects::update::Input, Violation> {
        Ok(projects::update::Input {
            id: decode(&self.project_id, "projectId")?,
            expected_version: self.expected_version,
            original_language: self.original_language.map(Into::into),
            title: self.title.map(Into::into),
            summary: self.summary.map(Into::into),
            problem: self.problem.map(Into::into),
            outcome: self.outcome.map(Into::into),
            stage: self.stage.map(Into::into),
            engagement: self.engagement.map(Into::into),
            cause_ids: self.cause_ids.as_deref().map(decode_causes).transpose()?,
            starts_on: change(self.starts_on),
            ends_on: change(self.ends_on),
            location_mode: self.location_mode.map(Into::into),
            place: self.place.map(Into::into),
            zone: self.zone,
            code_url: change(self.code_url),
            website: change(self.website),
        })
    }
}

fn decode_causes(ids: &[ID]) -> std::result::Result<Vec<CauseId>, Violation> {
    ids.iter()
        .enumerate()
        .map(|(index, id)| decode(id, &format!("causeIds.{index}")))
        .collect()
}

payloads! {
    entity::project::Model => Project as project: Project, "The project as it is now.";
    /// The outcome of creating a project.
    CreateProjectPayload,
    /// The outcome of changing a project.
    UpdateProjectPayload,
}
