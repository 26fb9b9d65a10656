//! Projects: written by an organization, reviewed once by a coordinator, then lived through by the organization itself.

pub mod archive;
pub mod cancel;
pub mod complete;
mod content;
pub(in crate::domain) use content::{period_violations, resolve_place};
pub mod confirm_listing;
pub mod create;
pub mod filter;
mod life;
pub mod list;
pub mod pause;
pub mod publish;
pub mod resume;
pub mod return_with_comments;
pub mod search_text;
pub mod set_accepting;
pub mod start;
pub mod submit;
pub mod transition;
pub mod update;

use chrono::{DateTime, Utc};
use entity::id::ProjectId;
use entity::{organization, project};
use matcher::mail::Text;
use sea_orm::{ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::{organizations, text};
use crate::app::App;
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::project::{Facts, ProjectAction, decide};

/// What policies need to know of a project of `organization`.
pub fn facts(
    project: &project::Model,
    organization: &organization::Model,
    now: DateTime<Utc>,
) -> Facts {
    Facts {
        organization_id: project.organization_id,
        organization_state: organizations::facts(organization, now).state,
        state: project.state,
    }
}

/// The project `id` and its organization, if the actor may do `action` to it.
pub async fn load(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    id: ProjectId,
    action: ProjectAction,
) -> Result<(project::Model, organization::Model), DomainError> {
    if action != ProjectAction::View {
        organizations::require_known(ctx)?;
    }
    let found = project::Entity::find_by_id(id)
        .find_also_related(organization::Entity)
        .one(connection)
        .await?;
    require(ctx, found, action)
}

/// The project with this slug, if the actor may see it.
pub async fn load_by_slug(ctx: &Context, slug: &str) -> Result<project::Model, DomainError> {
    if text::has_control(slug) {
        return Err(DomainError::NotFound);
    }
    let found = project::Entity::find()
        .filter(project::COLUMN.slug.eq(slug))
        .find_also_related(organization::Entity)
        .one(&ctx.app.store.connection)
        .await?;
    require(ctx, found, ProjectAction::View).map(|(project, _)| project)
}

fn require(
    ctx: &Context,
    found: Option<(project::Model, Option<organization::Model>)>,
    action: ProjectAction,
) -> Result<(project::Model, organization::Model), DomainError> {
    let Some((project, Some(organization))) = found else {
        return Err(DomainError::NotFound);
    };
    decide(
        &ctx.actor,
        action,
        facts(&project, &organization, ctx.now()),
    )
    .require()?;
    Ok((project, organization))
}

/// The project's page.
pub fn link(app: &App, project: &project::Model) -> String {
    format!("{}/projects/{}", app.config.http.base_url, project.slug)
}

/// The project's title, as mails name it.
pub fn mail_title(project: &project::Model) -> Text {
    Text::new(project.title_en.clone(), project.title_fr.clone())
}
