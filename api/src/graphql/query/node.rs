//! Anything with an id, by its id, under the same policy as everywhere else.

use async_graphql::{Context, ID, Interface, Object, Result};
use entity::id::SkillId;

use super::found;
use crate::context::Context as Request;
use crate::domain::matching::find_round;
use crate::domain::{accounts, organizations, pairings, placements, projects, roles, volunteers};
use crate::error::{Code, DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::{Prefix, decode};
use crate::graphql::types::account::Account;
use crate::graphql::types::organization::Organization;
use crate::graphql::types::pairing::Pairing;
use crate::graphql::types::placement::Placement;
use crate::graphql::types::project::Project;
use crate::graphql::types::role::Role;
use crate::graphql::types::round::Round;
use crate::graphql::types::skill::Skill;
use crate::graphql::types::volunteer::Volunteer;
use crate::policy::account::{AccountAction, decide as decide_account};
use crate::policy::organization::OrganizationAction;
use crate::policy::project::ProjectAction;
use crate::policy::role::RoleAction;

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
        let mut nodes = Vec::with_capacity(ids.len());
        for id in &ids {
            nodes.push(load(ctx, id).await?);
        }
        Ok(nodes)
    }
}

async fn load(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let request = ctx.request()?;
    let outcome = match Prefix::of(id) {
        Some(Prefix::Account) => account(request, id).await.map(Node::Account),
        Some(Prefix::Organization) => organization(request, id).await.map(Node::Organization),
        Some(Prefix::Pairing) => pairing(request, id).await.map(Node::Pairing),
        Some(Prefix::Placement) => placement(request, id).await.map(Node::Placement),
        Some(Prefix::Project) => project(request, id).await.map(Node::Project),
        Some(Prefix::Role) => role(request, id).await.map(Node::Role),
        Some(Prefix::Round) => round(request, id).await.map(Node::Round),
        Some(Prefix::Skill) => return skill(ctx, id).await,
        Some(Prefix::Volunteer) => volunteer(request, id).await.map(Node::Volunteer),
        _ => Err(DomainError::NotFound),
    };
    // Whoever may not see a thing is not told that there is one.
    found(
        request,
        outcome.map_err(|error| match error {
            DomainError::Forbidden | DomainError::Unauthenticated => DomainError::NotFound,
            error => error,
        }),
    )
}

async fn account(request: &Request, id: &ID) -> Result<Account, DomainError> {
    let id = decode(id, "id")?;
    decide_account(&request.actor, AccountAction::View, id)
        .require()
        .map_err(|_| DomainError::NotFound)?;
    accounts::load(&request.app.store.connection, id)
        .await
        .map(Account)
}

async fn organization(request: &Request, id: &ID) -> Result<Organization, DomainError> {
    let id = decode(id, "id")?;
    let connection = &request.app.store.connection;
    organizations::load(request, connection, id, OrganizationAction::View)
        .await
        .map(Organization)
}

async fn pairing(request: &Request, id: &ID) -> Result<Pairing, DomainError> {
    pairings::view(request, decode(id, "id")?)
        .await
        .map(Pairing)
}

async fn placement(request: &Request, id: &ID) -> Result<Placement, DomainError> {
    placements::view(request, decode(id, "id")?)
        .await
        .map(Placement)
}

async fn project(request: &Request, id: &ID) -> Result<Project, DomainError> {
    let id = decode(id, "id")?;
    let connection = &request.app.store.connection;
    projects::load(request, connection, id, ProjectAction::View)
        .await
        .map(|(project, _)| Project(project))
}

async fn role(request: &Request, id: &ID) -> Result<Role, DomainError> {
    let id = decode(id, "id")?;
    let connection = &request.app.store.connection;
    roles::load(request, connection, id, RoleAction::View)
        .await
        .map(|(role, _)| Role(role))
}

async fn round(request: &Request, id: &ID) -> Result<Round, DomainError> {
    find_round::find(request, decode(id, "id")?)
        .await?
        .map(Round)
        .ok_or(DomainError::NotFound)
}

async fn skill(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let request = ctx.request()?;
    let id = graphql(request, decode::<SkillId>(id, "id").map_err(Into::into))?;
    let skill = loaded(request, ctx.loaders()?.load_one(id).await)?;
    Ok(skill.map(|skill| Node::Skill(Skill(skill))))
}

async fn volunteer(request: &Request, id: &ID) -> Result<Volunteer, DomainError> {
    let (model, visibility) = volunteers::view::run(request, decode(id, "id")?).await?;
    Ok(Volunteer::new(model, visibility))
}

fn too_many() -> Violation {
    Violation::new(
        Code::TooLong,
        "ids",
        format!("At most {MAX_IDS} ids."),
        format!("Au plus {MAX_IDS} identifiants."),
    )
}
