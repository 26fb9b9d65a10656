//! Rounds, and the matcher's word on single pairs.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use crate::domain::matching::current::list::{self, Filter};
use crate::domain::matching::{evaluate, find_round};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::decode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::evaluation::{Evaluation, Suggestion};
use crate::graphql::types::revision::Revision;
use crate::graphql::types::round::Round;
use crate::store::page::{KeyKind, PageArguments, PageRequest};

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
        let kinds = (KeyKind::Time, KeyKind::Uuid);
        let page = PageRequest::new("rounds/newest", kinds, &arguments).map_err(Into::into);
        let page = graphql(request, page)?;
        let page = graphql(request, find_round::list(request, &page).await)?;
        Ok(connection(page, RoundTotal, Round))
    }

    /// What a round over everybody would propose if it were run now, best first. It follows every change within a second,
    /// whichever server took it. For coordinators.
    #[expect(
        clippy::too_many_arguments,
        reason = "the arguments of a connection and its filters"
    )]
    async fn current_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only for this role.")] role_id: Option<ID>,
        #[graphql(desc = "Only of this volunteer.")] volunteer_id: Option<ID>,
        #[graphql(
            desc = "1 to 100 items from the start; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "1 to 100 items from the end.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, Suggestion, CurrentTotal, EmptyFields>> {
        let request = ctx.request()?;
        let role_id = role_id.map(|id| decode(&id, "roleId").map_err(Into::into));
        let volunteer_id = volunteer_id.map(|id| decode(&id, "volunteerId").map_err(Into::into));
        let filter = Filter {
            role_id: graphql(request, role_id.transpose())?,
            volunteer_id: graphql(request, volunteer_id.transpose())?,
        };
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let name = format!("current/{:?}/{:?}", filter.role_id, filter.volunteer_id);
        let kinds = (KeyKind::Integer, KeyKind::Text);
        let page = PageRequest::new(name, kinds, &arguments).map_err(Into::into);
        let page = graphql(request, page)?;
        let listed = graphql(request, list::run(request, filter, &page).await)?;
        let total = CurrentTotal {
            total_count: listed.total as u64,
            as_of: listed.as_of,
            revision: Revision(listed.revision),
        };
        Ok(connection(listed.page, total, Suggestion))
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

/// What is known of the current suggestions together.
#[derive(SimpleObject)]
pub(super) struct CurrentTotal {
    /// How many there are.
    total_count: u64,
    /// When everything was read that they were chosen from.
    as_of: DateTime<Utc>,
    /// Counts the changes of what the matcher reads, the same on all servers. Pages of different revisions are of different
    /// lists; differences of a greater revision come after this list.
    revision: Revision,
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
