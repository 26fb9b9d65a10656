//! What is done about jobs that were given up.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::payload::payloads;
use crate::domain::jobs::{discard, retry};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::id::decode;
use crate::graphql::types::job::Job;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct JobMutation;

#[Object]
impl JobMutation {
    /// Takes up a job again that was given up: all of its tries are before it, the first at once. For coordinators.
    async fn retry_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which job.")] input: RetryJobInput,
    ) -> Result<RetryJobPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.job_id, "jobId")?;
            retrying(|| retry::run(request, id)).await
        };
        RetryJobPayload::new(request, outcome.await)
    }

    /// Takes a job that was given up off the list, for good. What it was about stays as it is. For coordinators.
    async fn discard_job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which job.")] input: DiscardJobInput,
    ) -> Result<DiscardJobPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let id = decode(&input.job_id, "jobId")?;
            retrying(|| discard::run(request, id)).await
        };
        let (done, user_errors) = split(request, outcome.await)?;
        Ok(DiscardJobPayload {
            discarded_job_id: done.map(|()| input.job_id),
            user_errors,
        })
    }
}

/// Which job to take up again.
#[derive(InputObject)]
struct RetryJobInput {
    /// The job.
    job_id: ID,
}

/// Which job to take off the list.
#[derive(InputObject)]
struct DiscardJobInput {
    /// The job.
    job_id: ID,
}

payloads! {
    entity::job::Model => Job as job: Job, "The job as it is now.";
    /// The outcome of taking up a job again.
    RetryJobPayload,
}

/// The outcome of taking a job off the list.
#[derive(SimpleObject)]
struct DiscardJobPayload {
    /// The job that is gone.
    discarded_job_id: Option<ID>,
    /// Broken rules, each at its field.
    user_errors: Vec<UserError>,
}
