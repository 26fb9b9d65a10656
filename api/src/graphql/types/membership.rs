//! An account's role in an organization.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::personal_read::FieldGroup;
use entity::{account, membership};

use super::account::Account;
use super::organization::Organization;
use crate::domain::organizations;
use crate::domain::personal_reads::{Look, Subject};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::loaded;
use crate::graphql::id::encode;
use crate::policy::account::{AccountAction, decide as decide_account};
use crate::policy::organization::{OrganizationAction, decide};

/// An account's role in an organization.
pub struct Membership(pub membership::Model);

/// An account's role in an organization.
#[Object]
impl Membership {
    /// The membership's id.
    async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// What the member may do for the organization; for a request, what is asked for.
    async fn role(&self) -> MembershipRole {
        self.0.role.into()
    }

    /// Whether it was granted.
    async fn state(&self) -> MembershipState {
        self.0.state.into()
    }

    /// The organization; null while you may not see it.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        let request = ctx.request()?;
        let found = ctx.loaders()?.load_one(self.0.organization_id).await;
        Ok(loaded(request, found)?
            .filter(|organization| {
                let facts = organizations::facts(organization, request.now());
                decide(&request.actor, OrganizationAction::View, facts).is_allowed()
            })
            .map(Organization))
    }

    /// The member's given name.
    async fn given_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self
            .member(ctx)
            .await?
            .map(|account| account.given_name.into_exposed()))
    }

    /// The member's family name.
    async fn family_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self
            .member(ctx)
            .await?
            .map(|account| account.family_name.into_exposed()))
    }

    /// The member's account; null unless it is your own or you run the marketplace.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let request = ctx.request()?;
        let id = self.0.account_id;
        if !decide_account(&request.actor, AccountAction::View, id).is_allowed() {
            return Ok(None);
        }
        let found = ctx.loaders()?.load_one(id).await;
        Ok(loaded(request, found)?.map(Account))
    }

    /// When it was asked for, or made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

impl Membership {
    /// The member, for the name. Members of one organization know each other; staff who look are noted.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<account::Model>> {
        let request = ctx.request()?;
        if request.actor.is_staff() {
            let subject = Subject::Account(self.0.account_id);
            ctx.note(Look::at(subject, FieldGroup::Identity))?;
        }
        let found = ctx.loaders()?.load_one(self.0.account_id).await;
        loaded(request, found)
    }
}

/// What a member may do for the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "membership::MembershipRole")]
pub enum MembershipRole {
    /// Everything, including choosing the other members.
    Owner,
    /// Projects, roles and answers to offers.
    Manager,
    /// Sees what the organization sees.
    Member,
}

/// Whether a membership counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "membership::MembershipState")]
pub enum MembershipState {
    /// Asked for, not yet granted.
    Requested,
    /// Granted.
    Active,
}
