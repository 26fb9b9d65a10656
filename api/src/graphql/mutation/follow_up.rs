//! Answers to what the marketplace asks when something has gone quiet.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::personal::Personal;

use crate::domain::placements::answer_check_in;
use crate::domain::projects::confirm_listing;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::graphql::types::check_in::{CheckIn, CheckInAnswer};
use crate::graphql::types::project::Project;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct FollowUpMutation;

#[Object]
impl FollowUpMutation {
    /// Says how a placement goes. For its volunteer; a later answer takes the place of an earlier one.
    async fn answer_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which question, and the answer.")] input: AnswerCheckInInput,
    ) -> Result<AnswerCheckInPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = answer_check_in::Input {
                id: decode(&input.check_in_id, "checkInId")?,
                answer: input.answer.into(),
                note: input.note.map(Personal::new),
            };
            retrying(|| answer_check_in::run(request, &input)).await
        };
        let (check_in, user_errors) = split(request, outcome.await)?;
        Ok(AnswerCheckInPayload {
            check_in: check_in.map(CheckIn),
            user_errors,
        })
    }

    /// Says that a listing still looks for people, and lets them come forward again where that had ended. For owners and
    /// managers.
    async fn confirm_listing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] input: ConfirmListingInput,
    ) -> Result<ConfirmListingPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.project_id, "projectId")?;
            retrying(|| confirm_listing::run(request, id)).await
        };
        let (project, user_errors) = split(request, outcome.await)?;
        Ok(ConfirmListingPayload {
            project: project.map(Project),
            user_errors,
        })
    }
}

/// Which question, and the answer.
#[derive(InputObject)]
struct AnswerCheckInInput {
    /// The check-in.
    check_in_id: ID,
    /// How it goes.
    answer: CheckInAnswer,
    /// More, up to 2,000 characters. Only coordinators read it.
    note: Option<String>,
}

/// The outcome of answering a check-in.
#[derive(SimpleObject)]
struct AnswerCheckInPayload {
    /// The check-in, when it was answered.
    check_in: Option<CheckIn>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}

/// Which project.
#[derive(InputObject)]
struct ConfirmListingInput {
    /// The project.
    project_id: ID,
}

/// The outcome of confirming a listing.
#[derive(SimpleObject)]
struct ConfirmListingPayload {
    /// The project, when it was confirmed.
    project: Option<Project>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
