//! Mails that somebody should look at.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Object, Result};

use crate::domain::mails::troubles;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::mail_trouble::{MailTrouble, MailTroubleTotals};
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct MailTroubleQuery;

#[Object]
impl MailTroubleQuery {
    /// Mails that were given up, came back, or were called spam, the latest first. For coordinators.
    async fn mail_troubles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, MailTrouble, MailTroubleTotals, EmptyFields>> {
        let request = ctx.request()?;
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = graphql(request, troubles::run(request, &page).await)?;
        Ok(connection(page, MailTroubleTotals, MailTrouble))
    }
}
