//! What all steps have in common that an organization takes with its own project.

use entity::id::ProjectId;
use entity::project;
use entity::role::{self, RoleState};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use super::load;
use super::transition::{self, Event, Outcome};
use crate::context::Context;
use crate::domain::pairings::{close_role, reason::Reason};
use crate::error::DomainError;
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// Which project, as read.
#[derive(Clone, Debug)]
pub struct Input {
    /// The project.
    pub id: ProjectId,
    /// The version the caller read.
    pub expected_version: i32,
}

/// Lets `event` happen by the organization's will.
pub(super) async fn step(
    ctx: &Context,
    input: &Input,
    event: Event,
) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, input.id, ProjectAction::Edit).await?;
    let nothing_else = project::ActiveModel::default();
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        event,
        input.expected_version,
        nothing_else,
    )
    .await?;
    // Who waits for a project that rests is not left without an answer.
    if let (Event::Pause, Outcome::Changed(project)) = (event, &outcome) {
        let reason = Reason::ProjectChanged;
        close_role::answer_project(ctx, &*transaction, project.id, reason).await?;
    }
    transaction.commit().await?;
    let (Outcome::Changed(project) | Outcome::Unchanged(project)) = outcome;
    Ok(project)
}

/// Lets `event` end the project: it accepts nobody any more and its roles are closed.
pub(super) async fn end(
    ctx: &Context,
    input: &Input,
    event: Event,
) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, input.id, ProjectAction::Edit).await?;
    let change = project::ActiveModel {
        is_accepting: Set(false),
        ..Default::default()
    };
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        event,
        input.expected_version,
        change,
    )
    .await?;
    let project = match outcome {
        Outcome::Changed(project) => {
            close_roles(ctx, &*transaction, project.id).await?;
            let reason = Reason::ProjectClosed;
            close_role::answer_project(ctx, &*transaction, project.id, reason).await?;
            project
        }
        Outcome::Unchanged(project) => project,
    };
    transaction.commit().await?;
    Ok(project)
}

async fn close_roles(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    project_id: ProjectId,
) -> Result<(), DomainError> {
    role::Entity::update_many()
        .set(role::ActiveModel {
            state: Set(RoleState::Closed),
            updated_at: Set(ctx.now()),
            ..Default::default()
        })
        .col_expr(
            role::Column::Version,
            Expr::col(role::Column::Version).add(1),
        )
        .filter(role::COLUMN.project_id.eq(project_id))
        .filter(role::COLUMN.state.ne(RoleState::Closed))
        .exec(transaction)
        .await?;
    Ok(())
}
