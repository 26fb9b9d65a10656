//! The entry points for reading.

mod account;
mod consent;
#[cfg(feature = "oidc")]
mod identity;
mod incident;
mod job;
mod learning;
mod mail_preview;
mod mail_trouble;
mod matching;
mod node;
mod organization;
mod pairing;
mod project;
mod taxonomy;
mod volunteer;
mod worklist;

use async_graphql::{Context, MergedObject, Object, Result};

use super::context::RequestExt as _;
use super::error::graphql;
use super::types::account::Account;
use crate::context::Context as Request;
use crate::domain::accounts;
use crate::error::DomainError;

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    ViewerQuery,
    account::AccountQuery,
    consent::ConsentQuery,
    #[cfg(feature = "oidc")] identity::IdentityQuery,
    incident::IncidentQuery,
    job::JobQuery,
    learning::LearningQuery,
    mail_preview::MailPreviewQuery,
    mail_trouble::MailTroubleQuery,
    matching::MatchingQuery,
    node::NodeQuery,
    organization::OrganizationQuery,
    pairing::PairingQuery,
    project::ProjectQuery,
    taxonomy::TaxonomyQuery,
    volunteer::VolunteerQuery,
    worklist::WorklistQuery,
);

/// For lookups of one thing: what is not there, or may not be seen, is null.
fn found<T>(request: &Request, outcome: Result<T, DomainError>) -> Result<Option<T>> {
    match outcome {
        Err(DomainError::NotFound) => Ok(None),
        outcome => graphql(request, outcome).map(Some),
    }
}

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
