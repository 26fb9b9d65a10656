//! The names of skills and causes in both languages, for the engine's explanations.

use std::borrow::Cow;
use std::collections::HashMap;

use entity::{cause, skill};
use matcher::model::{CauseId, Locale, SkillId};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QuerySelect as _};

/// Names by id. An id without a name is named by itself.
#[derive(Debug, Default)]
pub struct Labels {
    skills: HashMap<String, (String, String)>,
    causes: HashMap<String, (String, String)>,
}

impl Labels {
    /// Reads all of them: two statements, some hundreds of rows.
    pub async fn read(connection: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let skills: Vec<(String, String, String)> = skill::Entity::find()
            .select_only()
            .columns([
                skill::Column::Id,
                skill::Column::LabelEn,
                skill::Column::LabelFr,
            ])
            .into_tuple()
            .all(connection)
            .await?;
        let causes: Vec<(String, String, String)> = cause::Entity::find()
            .select_only()
            .columns([
                cause::Column::Id,
                cause::Column::LabelEn,
                cause::Column::LabelFr,
            ])
            .into_tuple()
            .all(connection)
            .await?;
        let by_id = |rows: Vec<(String, String, String)>| {
            rows.into_iter()
                .map(|(id, en, fr)| (id, (en, fr)))
                .collect()
        };
        Ok(Self {
            skills: by_id(skills),
            causes: by_id(causes),
        })
    }
}

impl matcher::engine::Labels for Labels {
    fn skill<'a>(&'a self, id: &'a SkillId, locale: Locale) -> Cow<'a, str> {
        name(&self.skills, id.as_str(), locale)
    }

    fn cause<'a>(&'a self, id: &'a CauseId, locale: Locale) -> Cow<'a, str> {
        name(&self.causes, id.as_str(), locale)
    }
}

fn name<'a>(
    names: &'a HashMap<String, (String, String)>,
    id: &'a str,
    locale: Locale,
) -> Cow<'a, str> {
    names.get(id).map_or(Cow::Borrowed(id), |(en, fr)| {
        Cow::Borrowed(locale.pick(en.as_str(), fr.as_str()))
    })
}
