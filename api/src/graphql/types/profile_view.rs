//! Somebody's look at one's personal data.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Enum, Object, Result};
use chrono::NaiveDate;
use entity::id::AccountId;
use entity::{organization, personal_read};

use super::organization::Organization;
use crate::domain::personal_reads::list;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::page::OpaqueCursor;

/// Somebody's looks at one's personal data in a day. It tells in which role they looked, never who they are.
pub struct ProfileView(pub personal_read::Model);

/// Somebody's looks at one's personal data in a day. It tells in which role they looked, never who they are.
#[Object]
impl ProfileView {
    /// The day, in UTC.
    async fn day(&self) -> NaiveDate {
        self.0.day
    }

    /// In which role they looked.
    async fn viewer_role(&self) -> ProfileViewerRole {
        self.0.viewer_role.into()
    }

    /// The organization they looked for; null for other roles, and while you may not see it.
    async fn organization(&self, ctx: &Context<'_>) -> Result<Option<Organization>> {
        match self.load_organization(ctx).await? {
            Some(organization) => Organization::visible(ctx, organization),
            None => Ok(None),
        }
    }

    /// What that organization is called, also while it is hidden.
    async fn organization_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let organization = self.load_organization(ctx).await?;
        Ok(organization.map(|organization| organization.name))
    }

    /// What they looked at.
    async fn fields(&self) -> ProfileFieldGroup {
        self.0.field_group.into()
    }

    /// How many answers told them any of it, at least one.
    async fn times(&self) -> i32 {
        self.0.times
    }
}

impl ProfileView {
    async fn load_organization(&self, ctx: &Context<'_>) -> Result<Option<organization::Model>> {
        let Some(id) = self.0.organization_id else {
            return Ok(None);
        };
        loaded(ctx.request()?, ctx.loaders()?.load_one(id).await)
    }
}

/// In which role somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "personal_read::ViewerRole")]
pub enum ProfileViewerRole {
    /// A coordinator of the marketplace.
    Coordinator,
    /// An administrator of the marketplace.
    Admin,
    /// A member of an organization that you are paired with.
    Organization,
    /// A volunteer who is paired with your organization.
    Volunteer,
}

/// What somebody looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "personal_read::FieldGroup")]
pub enum ProfileFieldGroup {
    /// Mail address and names of your account.
    Identity,
    /// Contact details, as a pairing discloses them.
    Contact,
    /// What only you and staff see of your profile.
    Profile,
    /// What was noted when your pairings were decided.
    Notes,
    /// You were among those whom a search of names found.
    Search,
}

/// A list of looks.
pub type ProfileViewConnection =
    Connection<OpaqueCursor, ProfileView, ProfileViewList, EmptyFields>;

/// What a list of looks has beside its edges.
pub struct ProfileViewList {
    pub(super) account_id: AccountId,
}

/// What a list of looks has beside its edges.
#[Object]
impl ProfileViewList {
    /// How many looks the whole list has.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, list::count(request, self.account_id).await)
    }
}
