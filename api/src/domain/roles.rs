//! Roles: what a project needs people for, and exactly what it asks of them.

pub mod add;
pub mod close;
mod details;
pub mod open;
pub mod requirements;
pub mod set_seats;
mod state;
mod terms;
pub mod update;

use chrono::{DateTime, Utc};
use entity::id::RoleId;
use entity::{organization, project, role};
use sea_orm::{ConnectionTrait, EntityTrait as _};

use super::{organizations, projects};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::role::{Facts, RoleAction, decide};

/// What policies need to know of a role of `project` of `organization`.
pub fn facts(
    role: &role::Model,
    project: &project::Model,
    organization: &organization::Model,
    now: DateTime<Utc>,
) -> Facts {
    Facts {
        project: projects::facts(project, organization, now),
        state: role.state,
    }
}

/// The role `id` and its project, if the actor may do `action` to it.
pub async fn load(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    id: RoleId,
    action: RoleAction,
) -> Result<(role::Model, project::Model), DomainError> {
    if action != RoleAction::View {
        organizations::require_known(ctx)?;
    }
    let found = role::Entity::find_by_id(id)
        .find_also_related(project::Entity)
        .one(connection)
        .await?;
    let Some((role, Some(project))) = found else {
        return Err(DomainError::NotFound);
    };
    let organization = organization::Entity::find_by_id(project.organization_id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    let facts = facts(&role, &project, &organization, ctx.now());
    decide(&ctx.actor, action, facts).require()?;
    Ok((role, project))
}
