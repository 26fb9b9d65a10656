//! Changing what a role asks for. Seats have a use case of their own, since people may hold them.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::id::{RoleFamilyId, RoleId, SkillId};
use entity::location_mode::LocationMode;
use entity::{role, role_language, role_skill, role_window};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::details::Details;
use super::requirements::{self, LanguageInput, SkillInput, SkillName};
use super::terms::Terms;
use super::{load, state};
use crate::context::Context;
use crate::domain::pairings::close_role;
use crate::domain::placements::meetings::{self, Schedule};
use crate::domain::text::Localized;
use crate::domain::weekly_window::{self, format_minute};
use crate::domain::{place, projects, version};
use crate::error::DomainError;
use crate::policy::role::RoleAction;
use crate::store::transaction::begin_write;

/// What shall change; what is absent stays, and an inner `None` empties. Texts and lists replace what was there.
#[derive(Clone, Debug)]
pub struct Input {
    /// The role.
    pub id: RoleId,
    /// The version the caller read.
    pub expected_version: i32,
    /// What one is there.
    pub title: Option<Localized>,
    /// What there is to do.
    pub description: Option<Localized>,
    /// The kind of profession.
    pub role_family_id: Option<Option<RoleFamilyId>>,
    /// 1 to 168.
    pub hours_per_week: Option<i32>,
    /// The first day.
    pub starts_on: Option<Option<NaiveDate>>,
    /// The last day.
    pub ends_on: Option<Option<NaiveDate>>,
    /// Where the work is done.
    pub location_mode: Option<LocationMode>,
    /// The place; replaces city and position.
    pub place: Option<place::Input>,
    /// IANA time zone of the windows.
    pub zone: Option<String>,
    /// Minutes a week that a volunteer's windows must share with the role's.
    pub minimum_overlap_minutes: Option<i32>,
    /// Meant for someone who wants to learn.
    pub is_learning_seat: Option<bool>,
    /// What one needs to be able to do, or should.
    pub skills: Option<Vec<SkillInput>>,
    /// When in the week the role meets.
    pub windows: Option<Vec<weekly_window::Input>>,
    /// What one needs to speak, or should.
    pub languages: Option<Vec<LanguageInput>>,
}

/// Changes a role. Open offers whose terms it changes end, and who was asked hears so; placements follow its days and windows,
/// and both sides hear so.
///
/// # Errors
/// Violations, among them a stale version and a project that is over.
pub async fn run(ctx: &Context, input: &Input) -> Result<role::Model, DomainError> {
    // Skills are looked up in words, which takes its time: before the transaction, which sees the same version again.
    let connection = &ctx.app.store.connection;
    let read = load_open(ctx, connection, input).await?;
    let (details, kept) = merged(connection, &read, input).await?;
    let checked = details.check(connection, &kept).await?;
    let transaction = begin_write(&ctx.app.store).await?;
    let read = load_open(ctx, &*transaction, input).await?;
    let terms = Terms::read(&*transaction, &read).await?;
    let schedule = Schedule::read(&*transaction, &read).await?;
    if input.skills.is_some() {
        requirements::set_skills(ctx, &*transaction, read.id, &checked.skills).await?;
    }
    if input.windows.is_some() {
        requirements::set_windows(ctx, &*transaction, read.id, &checked.windows).await?;
    }
    if let Some(languages) = &input.languages {
        requirements::set_languages(&*transaction, read.id, languages).await?;
    }
    let role = state::write(ctx, &*transaction, &read, checked.columns).await?;
    if Terms::read(&*transaction, &role).await? != terms {
        close_role::answer_offered(ctx, &*transaction, role.id).await?;
    }
    meetings::follow(ctx, &*transaction, &role, &schedule).await?;
    transaction.commit().await?;
    Ok(role)
}

async fn load_open(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    input: &Input,
) -> Result<role::Model, DomainError> {
    let (read, project) = load(ctx, connection, input.id, RoleAction::Edit).await?;
    projects::update::require_open(project.state)?;
    version::check(read.version, input.expected_version)?;
    Ok(read)
}

async fn merged(
    connection: &impl ConnectionTrait,
    read: &role::Model,
    input: &Input,
) -> Result<(Details, HashSet<SkillId>), DomainError> {
    let text = |change: &Option<Localized>, en: &Option<String>, fr: &Option<String>| {
        change.clone().unwrap_or_else(|| Localized {
            en: en.clone(),
            fr: fr.clone(),
        })
    };
    let (skills, kept) = kept_skills(connection, read.id).await?;
    let windows = match &input.windows {
        Some(windows) => windows.clone(),
        None => kept_windows(connection, read.id).await?,
    };
    let languages = match &input.languages {
        Some(languages) => languages.clone(),
        None => kept_languages(connection, read.id).await?,
    };
    let kept_family = || read.role_family_id.clone();
    let kept_place = || place::Input {
        city: read.city.clone(),
        latitude: read.latitude,
        longitude: read.longitude,
    };
    let details = Details {
        title: text(&input.title, &read.title_en, &read.title_fr),
        description: text(
            &input.description,
            &read.description_en,
            &read.description_fr,
        ),
        role_family_id: input.role_family_id.clone().unwrap_or_else(kept_family),
        seats: read.seats,
        hours_per_week: input.hours_per_week.unwrap_or(read.hours_per_week),
        starts_on: input.starts_on.unwrap_or(read.starts_on),
        ends_on: input.ends_on.unwrap_or(read.ends_on),
        location_mode: input.location_mode.unwrap_or(read.location_mode),
        place: input.place.clone().unwrap_or_else(kept_place),
        zone: input.zone.clone().unwrap_or_else(|| read.zone.clone()),
        minimum_overlap_minutes: input
            .minimum_overlap_minutes
            .unwrap_or(read.minimum_overlap_minutes),
        is_learning_seat: input.is_learning_seat.unwrap_or(read.is_learning_seat),
        skills: input.skills.clone().unwrap_or(skills),
        windows,
        languages,
    };
    Ok((details, kept))
}

async fn kept_skills(
    connection: &impl ConnectionTrait,
    id: RoleId,
) -> Result<(Vec<SkillInput>, HashSet<SkillId>), DomainError> {
    let rows = role_skill::Entity::find()
        .filter(role_skill::COLUMN.role_id.eq(id))
        .order_by_asc(role_skill::Column::Id)
        .all(connection)
        .await?;
    let kept = rows.iter().map(|row| row.skill_id.clone()).collect();
    let inputs = rows
        .into_iter()
        .map(|row| SkillInput {
            skill: SkillName::Id(row.skill_id),
            kind: row.kind,
            level: row.level.into(),
            weight: row.weight.into(),
        })
        .collect();
    Ok((inputs, kept))
}

async fn kept_windows(
    connection: &impl ConnectionTrait,
    id: RoleId,
) -> Result<Vec<weekly_window::Input>, DomainError> {
    let rows = role_window::Entity::find()
        .filter(role_window::COLUMN.role_id.eq(id))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| weekly_window::Input {
            weekday: row.weekday,
            start: format_minute(row.start_minute),
            end: format_minute(row.end_minute),
        })
        .collect())
}

async fn kept_languages(
    connection: &impl ConnectionTrait,
    id: RoleId,
) -> Result<Vec<LanguageInput>, DomainError> {
    let rows = role_language::Entity::find()
        .filter(role_language::COLUMN.role_id.eq(id))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| LanguageInput {
            language: row.language,
            kind: row.kind,
        })
        .collect())
}
