//! The steps of a project's life.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::payload::{payloads, versioned_inputs};
use crate::domain::projects;
use crate::error::Violation;
use crate::graphql::context::RequestExt as _;
use crate::graphql::id::decode;
use crate::graphql::types::project::Project;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct ProjectLifeMutation;

#[Object]
impl ProjectLifeMutation {
    /// Hands a project in for review.
    async fn submit_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: SubmitProjectInput,
    ) -> Result<SubmitProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::submit::run(request, &input)).await
        };
        SubmitProjectPayload::new(request, outcome.await)
    }

    /// Makes a reviewed project public. For coordinators, never for their own organization's.
    async fn publish_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: PublishProjectInput,
    ) -> Result<PublishProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::publish::run(request, &input)).await
        };
        PublishProjectPayload::new(request, outcome.await)
    }

    /// Gives a project back with comments, which are mailed. For coordinators.
    async fn return_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and what is to be done.")] input: ReturnProjectInput,
    ) -> Result<ReturnProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::return_with_comments::run(request, &input)).await
        };
        ReturnProjectPayload::new(request, outcome.await)
    }

    /// Hides a project for a while; nobody new is proposed.
    async fn pause_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: PauseProjectInput,
    ) -> Result<PauseProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::pause::run(request, &input)).await
        };
        PauseProjectPayload::new(request, outcome.await)
    }

    /// Goes on with a paused project.
    async fn resume_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: ResumeProjectInput,
    ) -> Result<ResumeProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::resume::run(request, &input)).await
        };
        ResumeProjectPayload::new(request, outcome.await)
    }

    /// Marks the work of a project as begun.
    async fn start_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: StartProjectInput,
    ) -> Result<StartProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::start::run(request, &input)).await
        };
        StartProjectPayload::new(request, outcome.await)
    }

    /// Says whether people may come forward now.
    async fn set_project_accepting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and whether.")] input: SetProjectAcceptingInput,
    ) -> Result<SetProjectAcceptingPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::set_accepting::run(request, &input)).await
        };
        SetProjectAcceptingPayload::new(request, outcome.await)
    }

    /// Ends a project because its work is done; its roles are closed.
    async fn complete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: CompleteProjectInput,
    ) -> Result<CompleteProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::complete::run(request, &input)).await
        };
        CompleteProjectPayload::new(request, outcome.await)
    }

    /// Gives a project up; its roles are closed.
    async fn cancel_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: CancelProjectInput,
    ) -> Result<CancelProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::cancel::run(request, &input)).await
        };
        CancelProjectPayload::new(request, outcome.await)
    }

    /// Puts a project away; its roles are closed.
    async fn archive_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: ArchiveProjectInput,
    ) -> Result<ArchiveProjectPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| projects::archive::run(request, &input)).await
        };
        ArchiveProjectPayload::new(request, outcome.await)
    }
}

versioned_inputs! {
    projects::submit::Input, project_id, "projectId", "The project.";
    /// Which project to submit.
    SubmitProjectInput,
    /// Which project to publish.
    PublishProjectInput,
    /// Which project to pause.
    PauseProjectInput,
    /// Which project to resume.
    ResumeProjectInput,
    /// Which project to start.
    StartProjectInput,
    /// Which project to complete.
    CompleteProjectInput,
    /// Which project to cancel.
    CancelProjectInput,
    /// Which project to archive.
    ArchiveProjectInput,
}

/// Which project to return, and what is to be done.
#[derive(InputObject)]
struct ReturnProjectInput {
    /// The project.
    project_id: ID,
    /// The version you read.
    expected_version: i32,
    /// What the organization shall change, 1 to 4,000 characters; mailed as it is.
    comments: String,
}

impl ReturnProjectInput {
    fn decode(self) -> std::result::Result<projects::return_with_comments::Input, Violation> {
        Ok(projects::return_with_comments::Input {
            id: decode(&self.project_id, "projectId")?,
            expected_version: self.expected_version,
            comments: self.comments,
        })
    }
}

/// Which project, and whether people may come forward.
#[derive(InputObject)]
struct SetProjectAcceptingInput {
    /// The project.
    project_id: ID,
    /// The version you read.
    expected_version: i32,
    /// Whether people may come forward now.
    is_accepting: bool,
}

impl SetProjectAcceptingInput {
    fn decode(self) -> std::result::Result<projects::set_accepting::Input, Violation> {
        Ok(projects::set_accepting::Input {
            id: decode(&self.project_id, "projectId")?,
            expected_version: self.expected_version,
            is_accepting: self.is_accepting,
        })
    }
}

payloads! {
    entity::project::Model => Project as project: Project, "The project as it is now.";
    /// The outcome of submitting a project.
    SubmitProjectPayload,
    /// The outcome of publishing a project.
    PublishProjectPayload,
    /// The outcome of returning a project.
    ReturnProjectPayload,
    /// The outcome of pausing a project.
    PauseProjectPayload,
    /// The outcome of resuming a project.
    ResumeProjectPayload,
    /// The outcome of starting a project.
    StartProjectPayload,
    /// The outcome of completing a project.
    CompleteProjectPayload,
    /// The outcome of cancelling a project.
    CancelProjectPayload,
    /// The outcome of archiving a project.
    ArchiveProjectPayload,
    /// The outcome of saying whether people may come forward.
    SetProjectAcceptingPayload,
}
