//! Finding organizations.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::id::OrganizationId;

use super::found;
use crate::domain::organizations::{self, list};
use crate::error::{Code, DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::decode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::organization::{
    Organization, OrganizationOrder, OrganizationState, OrganizationTotals,
};
use crate::policy::organization::OrganizationAction;
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct OrganizationQuery;

#[Object]
impl OrganizationQuery {
    /// One organization, by id or by slug; null when there is none that you may see.
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Option<ID>,
        #[graphql(desc = "Its slug, instead of the id.")] slug: Option<String>,
    ) -> Result<Option<Organization>> {
        let request = ctx.request()?;
        let outcome = async {
            match (id, slug) {
                (Some(id), None) => {
                    let id: OrganizationId = decode(&id, "id")?;
                    let connection = &request.app.store.connection;
                    organizations::load(request, connection, id, OrganizationAction::View).await
                }
                (None, Some(slug)) => organizations::load_by_slug(request, &slug).await,
                _ => Err(either_id_or_slug()),
            }
        };
        Ok(found(request, outcome.await)?.map(Organization))
    }

    /// Organizations that you may see: vetted ones, unless you name other states.
    #[allow(
        clippy::too_many_arguments,
        reason = "Relay's four arguments, the filter and the order"
    )]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.", default)] filter: OrganizationFilter,
        #[graphql(desc = "In which order.", default)] order_by: OrganizationOrder,
        #[graphql(desc = "So many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, Organization, OrganizationTotals, EmptyFields>> {
        let request = ctx.request()?;
        let filter = list::Filter::from(filter);
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = list::run(request, &filter, order_by.into(), &page).await;
        let page = graphql(request, page)?;
        Ok(connection(page, OrganizationTotals(filter), Organization))
    }
}

/// Which organizations. What is absent does not matter.
#[derive(Default, InputObject)]
struct OrganizationFilter {
    /// In one of these states; vetted ones when absent.
    states: Option<Vec<OrganizationState>>,
    /// With each of these words in the name.
    text: Option<String>,
}

impl From<OrganizationFilter> for list::Filter {
    fn from(filter: OrganizationFilter) -> Self {
        Self {
            states: filter
                .states
                .map(|states| states.into_iter().map(Into::into).collect()),
            text: filter.text,
        }
    }
}

pub(super) fn either_id_or_slug() -> DomainError {
    Violation::new(
        Code::Required,
        "id",
        "Give either the id or the slug.",
        "Indiquez soit l’identifiant, soit l’identifiant court.",
    )
    .into()
}
