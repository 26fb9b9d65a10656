//! Changing what a project says about itself. While it is public, the change is public at once: the organization is
//! vetted. The slug stays: links to it must not break.

use chrono::NaiveDate;
use entity::id::{CauseId, ProjectId};
use entity::language::Language;
use entity::location_mode::LocationMode;
use entity::project::{self, Engagement, ProjectStage, ProjectState};
use entity::project_cause;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};

use super::content::{self, Content};
use super::{load, search_text, transition};
use crate::context::Context;
use crate::domain::place;
use crate::domain::text::Localized;
use crate::domain::version;
use crate::error::DomainError;
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// What shall change; what is absent stays, and an inner `None` empties. A text replaces both its languages.
#[derive(Clone, Debug)]
pub struct Input {
    /// The project.
    pub id: ProjectId,
    /// The version the caller read.
    pub expected_version: i32,
    /// The language in which a title must be present.
    pub original_language: Option<Language>,
    /// What it is called.
    pub title: Option<Localized>,
    /// It in one or two sentences.
    pub summary: Option<Localized>,
    /// What is wrong now, and for whom.
    pub problem: Option<Localized>,
    /// What shall be there at the end.
    pub outcome: Option<Localized>,
    /// How far the thing itself has come.
    pub stage: Option<ProjectStage>,
    /// The shape of the work.
    pub engagement: Option<Engagement>,
    /// What it works for; replaces all.
    pub cause_ids: Option<Vec<CauseId>>,
    /// The first day.
    pub starts_on: Option<Option<NaiveDate>>,
    /// The last day.
    pub ends_on: Option<Option<NaiveDate>>,
    /// Where the work is done.
    pub location_mode: Option<LocationMode>,
    /// The place; replaces city and position.
    pub place: Option<place::Input>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Where its code is.
    pub code_url: Option<Option<String>>,
    /// Its own web address.
    pub website: Option<Option<String>>,
}

/// Changes a project.
///
/// # Errors
/// Violations, among them a stale version and a state in which nothing is changed any more.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, input.id, ProjectAction::Edit).await?;
    require_open(read.state)?;
    version::check(read.version, input.expected_version)?;
    let content = merged(&*transaction, &read, input).await?;
    let columns = content.columns(&*transaction).await?;
    transition::write(ctx, &*transaction, &read, columns).await?;
    if input.cause_ids.is_some() {
        content::set_causes(&*transaction, read.id, &content.cause_ids).await?;
    }
    let project = search_text::refresh(&*transaction, read.id).await?;
    transaction.commit().await?;
    Ok(project)
}

/// Refuses changes to what is over.
pub(in crate::domain) fn require_open(state: ProjectState) -> Result<(), DomainError> {
    match state {
        ProjectState::Completed | ProjectState::Cancelled | ProjectState::Archived => {
            Err(transition::wrong_state(state).into())
        }
        ProjectState::Draft
        | ProjectState::Submitted
        | ProjectState::Returned
        | ProjectState::Published
        | ProjectState::Paused
        | ProjectState::InProgress => Ok(()),
    }
}

async fn merged(
    connection: &impl ConnectionTrait,
    read: &project::Model,
    input: &Input,
) -> Result<Content, DomainError> {
    let cause_ids = match &input.cause_ids {
        Some(ids) => ids.clone(),
        None => {
            project_cause::Entity::find()
                .select_only()
                .column(project_cause::Column::CauseId)
                .filter(project_cause::COLUMN.project_id.eq(read.id))
                .into_tuple()
                .all(connection)
                .await?
        }
    };
    let text = |change: &Option<Localized>, en: &Option<String>, fr: &Option<String>| {
        change.clone().unwrap_or_else(|| Localized {
            en: en.clone(),
            fr: fr.clone(),
        })
    };
    let link = |change: &Option<Option<String>>, kept: &Option<String>| {
        change.clone().unwrap_or_else(|| kept.clone())
    };
    let kept_place = || place::Input {
        city: read.city.clone(),
        latitude: read.latitude,
        longitude: read.longitude,
    };
    Ok(Content {
        original_language: input.original_language.unwrap_or(read.original_language),
        title: text(&input.title, &read.title_en, &read.title_fr),
        summary: text(&input.summary, &read.summary_en, &read.summary_fr),
        problem: text(&input.problem, &read.problem_en, &read.problem_fr),
        outcome: text(&input.outcome, &read.outcome_en, &read.outcome_fr),
        stage: input.stage.unwrap_or(read.stage),
        engagement: input.engagement.unwrap_or(read.engagement),
        cause_ids,
        starts_on: input.starts_on.unwrap_or(read.starts_on),
        ends_on: input.ends_on.unwrap_or(read.ends_on),
        location_mode: input.location_mode.unwrap_or(read.location_mode),
        place: input.place.clone().unwrap_or_else(kept_place),
        zone: input.zone.clone().unwrap_or_else(|| read.zone.clone()),
        code_url: link(&input.code_url, &read.code_url),
        website: link(&input.website, &read.website),
    })
}
