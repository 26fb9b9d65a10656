//! Reading pairings and placements.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::placement;

use super::found;
use crate::domain::{pairings, placements};
use crate::error::{DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::decode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::graphql::types::pairing::{Pairing, PairingState};
use crate::graphql::types::placement::{Placement, PlacementState};
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct PairingQuery;

type PairingConnection = Connection<OpaqueCursor, Pairing, PairingTotals, EmptyFields>;
type PlacementConnection = Connection<OpaqueCursor, Placement, PlacementTotals, EmptyFields>;

#[Object]
impl PairingQuery {
    /// A pairing, if the reader may see it.
    async fn pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pairing's id.")] id: ID,
    ) -> Result<Option<Pairing>> {
        let request = ctx.request()?;
        let id = graphql(request, decode(&id, "id").map_err(DomainError::from))?;
        Ok(found(request, pairings::view(request, id).await)?.map(Pairing))
    }

    /// Pairings, newest first: all for coordinators, those that were disclosed to them for volunteers and organizations.
    #[allow(
        clippy::too_many_arguments,
        reason = "Relay's four arguments and the filter"
    )]
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is looked for.")] filter: Option<PairingFilter>,
        #[graphql(desc = "Items from the start, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<PairingConnection> {
        let request = ctx.request()?;
        let filter = filter.unwrap_or_default().try_into();
        let filter: pairings::list::Filter =
            graphql(request, filter.map_err(|rule: Violation| rule.into()))?;
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = graphql(
            request,
            pairings::list::run(request, &filter, &arguments).await,
        )?;
        Ok(connection(page, PairingTotals { filter }, Pairing))
    }

    /// Placements, newest first: all for coordinators, their own for volunteers and organizations.
    #[allow(
        clippy::too_many_arguments,
        reason = "Relay's four arguments and the filter"
    )]
    async fn placements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In one of these states.")] states: Option<Vec<PlacementState>>,
        #[graphql(desc = "Items from the start, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<PlacementConnection> {
        let request = ctx.request()?;
        let states: Option<Vec<placement::PlacementState>> =
            states.map(|states| states.into_iter().map(Into::into).collect());
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = placements::list::run(request, states.as_deref(), &arguments).await;
        let page = graphql(request, page)?;
        Ok(connection(page, PlacementTotals { states }, Placement))
    }
}

/// Which pairings are looked for; what is absent does not matter.
#[derive(InputObject, Default)]
struct PairingFilter {
    /// In one of these states.
    states: Option<Vec<PairingState>>,
    /// Of this role.
    role_id: Option<ID>,
    /// Of this organization's roles.
    organization_id: Option<ID>,
    /// Of this volunteer.
    volunteer_id: Option<ID>,
}

impl TryFrom<PairingFilter> for pairings::list::Filter {
    type Error = Violation;

    fn try_from(filter: PairingFilter) -> std::result::Result<Self, Violation> {
        Ok(Self {
            states: filter
                .states
                .map(|states| states.into_iter().map(Into::into).collect()),
            role_id: filter
                .role_id
                .map(|id| decode(&id, "filter.roleId"))
                .transpose()?,
            organization_id: filter
                .organization_id
                .map(|id| decode(&id, "filter.organizationId"))
                .transpose()?,
            volunteer_id: filter
                .volunteer_id
                .map(|id| decode(&id, "filter.volunteerId"))
                .transpose()?,
        })
    }
}

struct PairingTotals {
    filter: pairings::list::Filter,
}

#[Object]
impl PairingTotals {
    /// How many there are on all pages.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, pairings::list::count(request, &self.filter).await)
    }
}

struct PlacementTotals {
    states: Option<Vec<placement::PlacementState>>,
}

#[Object]
impl PlacementTotals {
    /// How many there are on all pages.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(
            request,
            placements::list::count(request, self.states.as_deref()).await,
        )
    }
}
