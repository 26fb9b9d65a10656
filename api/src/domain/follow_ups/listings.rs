//! Listings at which nothing happens: their managers are asked whether they still look for people, and where nobody says so
//! the listing accepts nobody any more until somebody does.

use chrono::{DateTime, Utc};
use entity::follow_up::{self, FollowUpKind};
use entity::id::ProjectId;
use entity::organization::{self, OrganizationState};
use entity::pairing::{self, PairingState};
use entity::project::{self, ProjectState};
use entity::role;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};

use super::{ids, note};
use crate::context::Context;
use crate::domain::organizations::mail::managers;
use crate::domain::{audit, projects};
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Notes the listings at which nothing has happened for long. Returns how many questions were noted.
pub(super) async fn find(ctx: &Context) -> Result<u64, DomainError> {
    let latest = ctx.now() - ctx.app.config.follow_up.stale_listing;
    let mut noted = 0;
    for id in candidates(ctx, latest).await? {
        noted += retrying(|| ask(ctx, id, latest)).await?;
    }
    Ok(noted)
}

/// Hides the listings about which nobody has answered. Returns how many there were.
pub(super) async fn hide(ctx: &Context) -> Result<u64, DomainError> {
    let settings = &ctx.app.config.follow_up;
    let asked_before = ctx.now() - settings.listing_answer;
    let mut hidden = 0;
    for id in candidates(ctx, asked_before).await? {
        hidden += u64::from(retrying(|| hide_one(ctx, id, asked_before)).await?);
    }
    Ok(hidden)
}

/// The last moment at which something happened at a listing: it was written, published or confirmed, one of its roles was,
/// or somebody was paired with one. What a round proposes is no such thing.
pub(super) async fn last_activity(
    connection: &impl ConnectionTrait,
    project: &project::Model,
) -> Result<DateTime<Utc>, DomainError> {
    let role: Option<Option<DateTime<Utc>>> = role::Entity::find()
        .select_only()
        .column_as(Expr::col(role::Column::UpdatedAt).max(), "last")
        .filter(role::COLUMN.project_id.eq(project.id))
        .into_tuple()
        .one(connection)
        .await?;
    let pairing: Option<Option<DateTime<Utc>>> = pairing::Entity::find()
        .select_only()
        .column_as(
            Expr::col((pairing::Entity, pairing::Column::UpdatedAt)).max(),
            "last",
        )
        .inner_join(role::Entity)
        .filter(role::COLUMN.project_id.eq(project.id))
        .filter(pairing::COLUMN.state.ne(PairingState::Suggested))
        .into_tuple()
        .one(connection)
        .await?;
    let moments = [
        project.published_at,
        project.listing_confirmed_at,
        role.flatten(),
        pairing.flatten(),
    ];
    Ok(moments
        .into_iter()
        .flatten()
        .fold(project.updated_at, Ord::max))
}

/// Public projects of vetted organizations that accept people and were not written or confirmed after `latest`.
async fn candidates(ctx: &Context, latest: DateTime<Utc>) -> Result<Vec<ProjectId>, DomainError> {
    Ok(project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .inner_join(organization::Entity)
        .filter(organization::COLUMN.state.eq(OrganizationState::Vetted))
        .filter(is_listed())
        .filter(project::COLUMN.updated_at.lte(latest))
        .order_by_asc(project::Column::Id)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?)
}

fn is_listed() -> Condition {
    Condition::all()
        .add(
            project::COLUMN
                .state
                .is_in([ProjectState::Published, ProjectState::InProgress]),
        )
        .add(project::COLUMN.is_accepting.eq(true))
}

async fn ask(ctx: &Context, id: ProjectId, latest: DateTime<Utc>) -> Result<u64, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let Some(project) = find_listed(&*transaction, id).await? else {
        return Ok(0);
    };
    let since = last_activity(&*transaction, &project).await?;
    if since > latest {
        return Ok(0);
    }
    let readers = ids(&managers(&*transaction, project.organization_id).await?);
    let occasion = (FollowUpKind::ListingCheck, id.uuid(), since);
    let noted = note(ctx, &*transaction, occasion, &readers).await?;
    transaction.commit().await?;
    Ok(noted)
}

async fn hide_one(
    ctx: &Context,
    id: ProjectId,
    asked_before: DateTime<Utc>,
) -> Result<bool, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let Some(project) = find_listed(&*transaction, id).await? else {
        return Ok(false);
    };
    let since = last_activity(&*transaction, &project).await?;
    let asked = follow_up::Entity::find()
        .filter(follow_up::COLUMN.kind.eq(FollowUpKind::ListingCheck))
        .filter(follow_up::COLUMN.subject_id.eq(id.uuid()))
        .filter(follow_up::COLUMN.occasion.eq(since))
        .filter(follow_up::COLUMN.told_at.lte(asked_before))
        .one(&*transaction)
        .await?;
    if asked.is_none() {
        return Ok(false);
    }
    let change = project::ActiveModel {
        is_accepting: Set(false),
        ..Default::default()
    };
    projects::transition::write(ctx, &*transaction, &project, change).await?;
    let subject = ("project", Some(id.uuid()));
    let detail = serde_json::json!({});
    audit::record(ctx, &*transaction, "project.hidden", subject, detail).await?;
    let readers = ids(&managers(&*transaction, project.organization_id).await?);
    let occasion = (FollowUpKind::ListingHidden, id.uuid(), ctx.now());
    note(ctx, &*transaction, occasion, &readers).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn find_listed(
    transaction: &impl ConnectionTrait,
    id: ProjectId,
) -> Result<Option<project::Model>, DomainError> {
    Ok(project::Entity::find_by_id(id)
        .filter(is_listed())
        .lock_exclusive()
        .one(transaction)
        .await?)
}
