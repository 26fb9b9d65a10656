//! What people said yes to when they accepted a role. When it changes, offers that are open are no longer what was put to
//! either side.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::id::SkillId;
use entity::location_mode::LocationMode;
use entity::role_language::RoleLanguageKind;
use entity::role_skill::RoleSkillKind;
use entity::{role, role_language, role_skill, role_window};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::error::DomainError;

/// Time, place, languages and must-haves of a role, comparable as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Terms {
    hours_per_week: i32,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    place: (LocationMode, Option<String>),
    zone: String,
    windows: BTreeSet<(&'static str, i16, i16)>,
    required_languages: BTreeSet<String>,
    must_haves: BTreeSet<(SkillId, i16)>,
}

impl Terms {
    /// Reads the terms of `role` as they are stored.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        role: &role::Model,
    ) -> Result<Self, DomainError> {
        let windows = role_window::Entity::find()
            .filter(role_window::COLUMN.role_id.eq(role.id))
            .all(connection)
            .await?;
        let required_languages = role_language::Entity::find()
            .filter(role_language::COLUMN.role_id.eq(role.id))
            .filter(role_language::COLUMN.kind.eq(RoleLanguageKind::Required))
            .all(connection)
            .await?;
        let must_haves = role_skill::Entity::find()
            .filter(role_skill::COLUMN.role_id.eq(role.id))
            .filter(role_skill::COLUMN.kind.eq(RoleSkillKind::MustHave))
            .all(connection)
            .await?;
        Ok(Self {
            hours_per_week: role.hours_per_week,
            days: (role.starts_on, role.ends_on),
            place: (role.location_mode, role.city.clone()),
            zone: role.zone.clone(),
            windows: windows
                .into_iter()
                .map(|window| {
                    (
                        window.weekday.as_str(),
                        window.start_minute,
                        window.end_minute,
                    )
                })
                .collect(),
            required_languages: required_languages
                .into_iter()
                .map(|language| language.language)
                .collect(),
            must_haves: must_haves
                .into_iter()
                .map(|skill| (skill.skill_id, skill.level))
                .collect(),
        })
    }
}
