//! Creating a project: a draft that only its organization and coordinators see.

use std::collections::HashSet;

use entity::id::{OrganizationId, ProjectId};
use entity::project::{self, ProjectState};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};

pub use super::content::Content;
use super::{content, search_text};
use crate::context::Context;
use crate::domain::{organizations, slug};
use crate::error::DomainError;
use crate::policy::organization::OrganizationAction;
use crate::store::constraint;
use crate::store::transaction::begin_write;

/// A new project of an organization, vetted or not.
#[derive(Clone, Debug)]
pub struct Input {
    /// The organization.
    pub organization_id: OrganizationId,
    /// What the project says about itself.
    pub content: Content,
}

/// Creates a draft.
///
/// # Errors
/// Violations of the content.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let edit = OrganizationAction::Edit;
    organizations::load(ctx, &*transaction, input.organization_id, edit).await?;
    let columns = input.content.columns(&*transaction).await?;
    let title = input.content.title.cleaned();
    let title = title
        .get(input.content.original_language)
        .unwrap_or_default();
    let now = ctx.now();
    let project = project::ActiveModel {
        id: Set(ProjectId::new(ctx.app.new_id())),
        organization_id: Set(input.organization_id),
        slug: Set(free_slug(&*transaction, title).await?),
        state: Set(ProjectState::Draft),
        is_accepting: Set(false),
        review_comment: Set(None),
        published_at: Set(None),
        search_text: Set(String::new()),
        title_folded_en: Set(String::new()),
        title_folded_fr: Set(String::new()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..columns
    }
    .insert(&*transaction)
    .await
    .map_err(again_if_taken)?;
    content::set_causes(&*transaction, project.id, &input.content.cause_ids).await?;
    let project = search_text::refresh(&*transaction, project.id).await?;
    transaction.commit().await?;
    Ok(project)
}

async fn free_slug(connection: &impl ConnectionTrait, title: &str) -> Result<String, DomainError> {
    let base = slug::from_name(title, "project");
    let taken: HashSet<String> = project::Entity::find()
        .select_only()
        .column(project::Column::Slug)
        .filter(project::COLUMN.slug.starts_with(base.as_str()))
        .into_tuple::<String>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    Ok(slug::first_free(&base, &taken))
}

/// Another transaction took the slug meanwhile: start again and see it.
fn again_if_taken(error: DbErr) -> DomainError {
    if constraint::is_unique_violation(&error, "uq_project_slug", "project", &["slug"]) {
        DomainError::Retry(error)
    } else {
        error.into()
    }
}
