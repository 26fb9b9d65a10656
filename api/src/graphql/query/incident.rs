//! The register of confidentiality incidents.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Object, Result};

use crate::domain::incidents::list::{self, Filter};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::incident::{Incident, IncidentTotals};
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct IncidentQuery;

#[Object]
impl IncidentQuery {
    /// The register of confidentiality incidents, the latest entry first. For coordinators; it is written from the command
    /// line.
    async fn incidents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "True for open ones, false for closed ones, absent for both.")]
        is_open: Option<bool>,
        #[graphql(desc = "So many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, Incident, IncidentTotals, EmptyFields>> {
        let request = ctx.request()?;
        let filter = Filter { is_open };
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = graphql(request, list::run(request, filter, &page).await)?;
        Ok(connection(page, IncidentTotals(filter), Incident))
    }
}
