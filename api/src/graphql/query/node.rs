//! Anything with an id, by its id, under the same policy as everywhere else.

use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::futures_util::future::try_join_all;
use async_graphql::{Context, ID, Interface, Object, Result};
use entity::id::{
    AccountId, OrganizationId, PairingId, PlacementId, ProjectId, RoleId, RoundId, SkillId,
    VolunteerId,
};

use crate::error::{Code, DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::{GlobalId, Prefix, decode};
use crate::graphql::loaders::Reader;
use crate::graphql::types::account::Account;
use crate::graphql::types::organization::Organization;
use crate::graphql::types::pairing::Pairing;
use crate::graphql::types::placement::Placement;
use crate::graphql::types::project::Project;
use crate::graphql::types::role::Role;
use crate::graphql::types::round::Round;
use crate::graphql::types::skill::Skill;
use crate::graphql::types::volunteer::Volunteer;

/// The most ids in one call.
const MAX_IDS: usize = 100;

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The id, opaque to clients."))]
pub(super) enum Node {
    /// Someone who can log in.
    Account(Account),
    /// A public-benefit organization.
    Organization(Organization),
    /// A volunteer and a role, brought together.
    Pairing(Pairing),
    /// A pairing that both sides accepted, as it goes on.
    Placement(Placement),
    /// Something an organization wants done.
    Project(Project),
    /// What a project needs people for.
    Role(Role),
    /// One run of the matcher.
    Round(Round),
    /// What someone can do.
    Skill(Skill),
    /// Somebody who offers time and skills.
    Volunteer(Volunteer),
}

#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing with this id; null when there is none that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<Node>> {
        load(ctx, &id).await
    }

    /// The things with these ids, in the same order; null where there is none that you may see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let request = ctx.request()?;
        if ids.len() > MAX_IDS {
            return graphql(request, Err(too_many().into()));
        }
        // All at once, so that loaders read what is of one kind together.
        try_join_all(ids.iter().map(|id| load(ctx, id))).await
    }
}

/// The thing with this id. What is no id names nothing either.
async fn load(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    Ok(match Prefix::of(id) {
        Some(Prefix::Account) => match row::<AccountId>(ctx, id).await? {
            Some(row) => Account::visible(ctx, row)?.map(Node::Account),
            None => None,
        },
        Some(Prefix::Organization) => match row::<OrganizationId>(ctx, id).await? {
            Some(row) => Organization::visible(ctx, row)?.map(Node::Organization),
            None => None,
        },
        Some(Prefix::Pairing) => match row::<PairingId>(ctx, id).await? {
            Some(row) => Pairing::visible(ctx, row)?.map(Node::Pairing),
            None => None,
        },
        Some(Prefix::Placement) => match row::<PlacementId>(ctx, id).await? {
            Some(row) => Placement::visible(ctx, row).await?.map(Node::Placement),
            None => None,
        },
        Some(Prefix::Project) => match row::<ProjectId>(ctx, id).await? {
            Some(row) => Project::visible(ctx, row).await?.map(Node::Project),
            None => None,
        },
        Some(Prefix::Role) => match row::<RoleId>(ctx, id).await? {
            Some(row) => Role::visible(ctx, row).await?.map(Node::Role),
            None => None,
        },
        Some(Prefix::Round) => match row::<RoundId>(ctx, id).await? {
            Some(row) => Round::visible(ctx, row)?.map(Node::Round),
            None => None,
        },
        Some(Prefix::Skill) => row::<SkillId>(ctx, id)
            .await?
            .map(|row| Node::Skill(Skill(row))),
        Some(Prefix::Volunteer) => match row::<VolunteerId>(ctx, id).await? {
            Some(row) => Volunteer::visible(ctx, row).await?.map(Node::Volunteer),
            None => None,
        },
        _ => None,
    })
}

/// The row of the key in `id`, whoever may see it.
async fn row<K>(ctx: &Context<'_>, id: &ID) -> Result<Option<<Reader as Loader<K>>::Value>>
where
    K: GlobalId + Send + Sync + Hash + Eq + Clone + 'static,
    Reader: Loader<K, Error = Arc<DomainError>>,
{
    match decode::<K>(id, "id") {
        Ok(key) => loaded(ctx.request()?, ctx.loaders()?.load_one(key).await),
        Err(_) => Ok(None),
    }
}

fn too_many() -> Violation {
    Violation::new(
        Code::TooLong,
        "ids",
        format!("At most {MAX_IDS} ids."),
        format!("Au plus {MAX_IDS} identifiants."),
    )
}
