//! Adding a role to a project: a draft until it is opened.

use std::collections::HashSet;

use entity::id::{ProjectId, RoleId};
use entity::role::{self, RoleState};
use sea_orm::{ActiveModelTrait as _, Set};

pub use super::details::Details;
use super::requirements;
use crate::context::Context;
use crate::domain::projects;
use crate::error::DomainError;
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// A new role of a project.
#[derive(Clone, Debug)]
pub struct Input {
    /// The project.
    pub project_id: ProjectId,
    /// What the role says about itself.
    pub details: Details,
}

/// Adds a draft.
///
/// # Errors
/// Violations of the details; a project that is over.
pub async fn run(ctx: &Context, input: &Input) -> Result<role::Model, DomainError> {
    // Skills are looked up in words, which takes its time: before the transaction, and after asking who asks.
    let connection = &ctx.app.store.connection;
    let edit = ProjectAction::Edit;
    let (project, _) = projects::load(ctx, connection, input.project_id, edit).await?;
    projects::update::require_open(project.state)?;
    let checked = input.details.check(connection, &HashSet::new()).await?;
    let transaction = begin_write(&ctx.app.store).await?;
    let (project, _) = projects::load(ctx, &*transaction, input.project_id, edit).await?;
    projects::update::require_open(project.state)?;
    let now = ctx.now();
    let role = role::ActiveModel {
        id: Set(RoleId::new(ctx.app.new_id())),
        project_id: Set(project.id),
        organization_id: Set(project.organization_id),
        state: Set(RoleState::Draft),
        filled: Set(0),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..checked.columns
    }
    .insert(&*transaction)
    .await?;
    requirements::set_skills(ctx, &*transaction, role.id, &checked.skills).await?;
    requirements::set_windows(ctx, &*transaction, role.id, &checked.windows).await?;
    requirements::set_languages(&*transaction, role.id, &input.details.languages).await?;
    transaction.commit().await?;
    Ok(role)
}
