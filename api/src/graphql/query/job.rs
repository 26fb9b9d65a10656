//! Work in the background.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Object, Result};

use crate::domain::jobs::list::{self, Filter};
use crate::domain::jobs::pauses;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::job::{Job, JobPause, JobState, JobTotals};
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct JobQuery;

#[Object]
impl JobQuery {
    /// Work in the background, the latest first. For coordinators.
    #[expect(clippy::too_many_arguments, reason = "they are the field's")]
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only jobs in this state; `DEAD` are those that were given up.")]
        state: Option<JobState>,
        #[graphql(desc = "Only jobs of this kind, such as `send_mail`.")] kind: Option<String>,
        #[graphql(desc = "So many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, Job, JobTotals, EmptyFields>> {
        let request = ctx.request()?;
        let filter = Filter {
            state: state.map(Into::into),
            kind,
        };
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = graphql(request, list::run(request, &filter, &page).await)?;
        Ok(connection(page, JobTotals(filter), Job))
    }

    /// The kinds of jobs that wait because what all of them need does not work, such as the mail relay. Empty while all is
    /// well. For coordinators.
    async fn job_pauses(&self, ctx: &Context<'_>) -> Result<Vec<JobPause>> {
        let request = ctx.request()?;
        let found = graphql(request, pauses::run(request).await)?;
        Ok(found.into_iter().map(JobPause).collect())
    }
}
