//! Anything with an id, by its id, under the same policy as everywhere else.

use async_graphql::{Context, ID, Interface, Object, Result};

use super::found;
use crate::context::Context as Request;
use crate::domain::{accounts, organizations, projects, roles};
use crate::error::{Code, DomainError, Violation};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::{Prefix, decode};
use crate::graphql::types::account::Account;
use crate::graphql::types::organization::Organization;
use crate::graphql::types::project::Project;
use crate::graphql::types::role::Role;
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
    /// Something an organization wants done.
    Project(Project),
    /// What a project needs people for.
    Role(Role),
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
        load(ctx.request()?, &id).await
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
            nodes.push(load(request, id).await?);
        }
        Ok(nodes)
    }
}

async fn load(request: &Request, id: &ID) -> Result<Option<Node>> {
    let outcome = match Prefix::of(id) {
        Some(Prefix::Account) => account(request, id).await.map(Node::Account),
        Some(Prefix::Organization) => organization(request, id).await.map(Node::Organization),
        Some(Prefix::Project) => project(request, id).await.map(Node::Project),
        Some(Prefix::Role) => role(request, id).await.map(Node::Role),
        _ => Err(DomainError::NotFound),
    };
    found(request, outcome)
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

fn too_many() -> Violation {
    Violation::new(
        Code::TooLong,
        "ids",
        format!("At most {MAX_IDS} ids."),
        format!("Au plus {MAX_IDS} identifiants."),
    )
}
