//! Organizations and projects that were begun, or sent back, and then left: their managers are reminded once. Who writes on
//! and stops again is reminded again.

use chrono::{DateTime, TimeDelta, Utc};
use entity::follow_up::FollowUpKind;
use entity::id::{OrganizationId, ProjectId};
use entity::organization::{self, OrganizationState};
use entity::project::{self, ProjectState};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::{ids, note};
use crate::context::Context;
use crate::domain::organizations::mail::managers;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// What was left for longer is left for good, and nobody is reminded of it.
const FORGOTTEN: TimeDelta = TimeDelta::days(90);

/// The states of an organization that wait for its managers.
pub(super) const ORGANIZATION_WAITS: [OrganizationState; 2] =
    [OrganizationState::Draft, OrganizationState::NeedsInfo];
/// The states of a project that wait for its managers.
pub(super) const PROJECT_WAITS: [ProjectState; 2] = [ProjectState::Draft, ProjectState::Returned];

/// Notes what was left long enough. Returns how many reminders were noted.
pub(super) async fn find(ctx: &Context) -> Result<u64, DomainError> {
    let latest = ctx.now() - ctx.app.config.follow_up.draft;
    let earliest = ctx.now() - FORGOTTEN;
    let organizations: Vec<(OrganizationId, DateTime<Utc>)> = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .column(organization::Column::UpdatedAt)
        .filter(organization::COLUMN.state.is_in(ORGANIZATION_WAITS))
        .filter(left_between(
            organization::Column::UpdatedAt,
            earliest,
            latest,
        ))
        .order_by_asc(organization::Column::Id)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let projects: Vec<(ProjectId, OrganizationId, DateTime<Utc>)> = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .column(project::Column::OrganizationId)
        .column(project::Column::UpdatedAt)
        .filter(project::COLUMN.state.is_in(PROJECT_WAITS))
        .filter(left_between(project::Column::UpdatedAt, earliest, latest))
        .order_by_asc(project::Column::Id)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let organizations = organizations
        .into_iter()
        .map(|(id, left_at)| (FollowUpKind::OrganizationDraft, id.uuid(), id, left_at));
    let projects = projects
        .into_iter()
        .map(|(id, of, left_at)| (FollowUpKind::ProjectDraft, id.uuid(), of, left_at));
    let mut noted = 0;
    for (kind, subject_id, organization_id, left_at) in organizations.chain(projects) {
        noted += retrying(|| async {
            let transaction = begin_write(&ctx.app.store).await?;
            let readers = ids(&managers(&*transaction, organization_id).await?);
            let noted = note(ctx, &*transaction, (kind, subject_id, left_at), &readers).await?;
            transaction.commit().await?;
            Ok(noted)
        })
        .await?;
    }
    Ok(noted)
}

fn left_between<C: sea_orm::ColumnTrait>(
    column: C,
    earliest: DateTime<Utc>,
    latest: DateTime<Utc>,
) -> Condition {
    Condition::all()
        .add(column.gt(earliest))
        .add(column.lte(latest))
}
