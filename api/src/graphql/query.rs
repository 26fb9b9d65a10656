//! The entry points for reading.

mod pairing;
mod taxonomy;
mod volunteer;

use async_graphql::{Context, MergedObject, Object, Result};

use super::context::RequestExt as _;
use super::error::graphql;
use super::types::account::Account;
use crate::domain::accounts;

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    ViewerQuery,
    pairing::PairingQuery,
    taxonomy::TaxonomyQuery,
    volunteer::VolunteerQuery,
);

#[derive(Default)]
struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The logged-in account; null when nobody is.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let request = ctx.request()?;
        let Some(id) = request.actor.account_id() else {
            return Ok(None);
        };
        let account = graphql(
            request,
            accounts::load(&request.app.store.connection, id).await,
        )?;
        Ok(Some(Account(account)))
    }
}
