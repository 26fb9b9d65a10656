//! Rounds, and the matcher's word on single pairs.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, Object, Result};

use crate::domain::matching::{evaluate, find_round};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::decode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::evaluation::Evaluation;
use crate::graphql::types::round::Round;
use crate::store::page::{PageArguments, PageRequest};

#[derive(Default)]
pub(super) struct MatchingQuery;

#[Object]
impl MatchingQuery {
    /// A round of the matcher; null when there is none of this id. For coordinators.
    async fn round(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The round's id.")] id: ID,
    ) -> Result<Option<Round>> {
        let request = ctx.request()?;
        let id = graphql(request, decode(&id, "id").map_err(Into::into))?;
        let round = graphql(request, find_round::find(request, id).await)?;
        Ok(round.map(Round))
    }

    /// All rounds of the matcher, newest first. For coordinators.
    async fn rounds(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "1 to 100 items from the start; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "1 to 100 items from the end.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, Round, RoundTotal, EmptyFields>> {
        let request = ctx.request()?;
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = PageRequest::new("rounds/newest", &arguments).map_err(Into::into);
        let page = graphql(request, page)?;
        let page = graphql(request, find_round::list(request, &page).await)?;
        Ok(connection(page, RoundTotal, Round))
    }

    /// Why a role and a volunteer fit, or what keeps them apart and what would change it. For coordinators, and for
    /// volunteers about themselves.
    async fn evaluation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The role.")] role_id: ID,
        #[graphql(desc = "The volunteer.")] volunteer_id: ID,
    ) -> Result<Evaluation> {
        let request = ctx.request()?;
        let role = graphql(request, decode(&role_id, "roleId").map_err(Into::into))?;
        let volunteer = decode(&volunteer_id, "volunteerId").map_err(Into::into);
        let volunteer = graphql(request, volunteer)?;
        let evaluation = evaluate::run(request, role, volunteer).await;
        Ok(Evaluation(graphql(request, evaluation)?))
    }
}

/// What is known of all rounds together.
pub(super) struct RoundTotal;

/// What is known of all rounds together.
#[Object]
impl RoundTotal {
    /// How many rounds there are.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, find_round::count(request).await)
    }
}
