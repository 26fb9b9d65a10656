//! Handing a project in for review, when there is enough to review.

use entity::language::Language;
use entity::project;
use entity::role::{self, RoleState};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};

pub use super::life::Input;
use super::load;
use super::transition::{self, Event, Outcome};
use crate::context::Context;
use crate::domain::text;
use crate::error::{Code, DomainError, Violation};
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// Puts the project on the coordinators' worklist.
///
/// # Errors
/// Violations: no summary, no open role, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, input.id, ProjectAction::Edit).await?;
    if Event::Submit.is_possible_in(read.state) {
        require_complete(&*transaction, &read).await?;
    }
    let nothing_else = project::ActiveModel::default();
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        Event::Submit,
        input.expected_version,
        nothing_else,
    )
    .await?;
    transaction.commit().await?;
    let (Outcome::Changed(project) | Outcome::Unchanged(project)) = outcome;
    Ok(project)
}

async fn require_complete(
    connection: &impl ConnectionTrait,
    project: &project::Model,
) -> Result<(), DomainError> {
    let mut violations = Vec::new();
    let summary = match project.original_language {
        Language::En => &project.summary_en,
        Language::Fr => &project.summary_fr,
    };
    if summary.is_none() {
        let field = format!("summary.{}", project.original_language);
        violations.push(text::required(&field));
    }
    let open_roles = role::Entity::find()
        .filter(role::COLUMN.project_id.eq(project.id))
        .filter(role::COLUMN.state.eq(RoleState::Open))
        .count(connection)
        .await?;
    if open_roles == 0 {
        violations.push(Violation::new(
            Code::Required,
            "roles",
            "Add at least one role and open it first.",
            "Ajoutez d’abord au moins un rôle et ouvrez-le.",
        ));
    }
    if violations.is_empty() {
        Ok(())
    } else {
        Err(DomainError::Rules(violations))
    }
}
