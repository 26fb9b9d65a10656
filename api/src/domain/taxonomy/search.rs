//! Ranked search of concepts and places by label and alias in both languages.
//!
//! The database narrows (a plain LIKE over folded text, alike on both), [`rank`](super::rank) decides.

use std::collections::HashMap;

use entity::id::{CauseId, SkillCategoryId, SkillId};
use entity::language::Language;
use entity::{cause, role_family, skill, skill_alias};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryTrait as _,
};

use super::data::{self, Place};
use super::fold::fold;
use super::rank::{Fit, Query, Rank};
use crate::domain::text::search_violation;
use crate::error::{DomainError, Violation};

/// A skill that was found, and how well it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The skill.
    pub skill: skill::Model,
    /// How well it fits.
    pub rank: Rank,
}

/// What was typed at `field`; none when there is no letter and no digit to look for.
///
/// # Errors
/// A violation of more than 200 characters, or of control characters.
pub fn typed(text: Option<&str>, field: &str) -> Result<Option<Query>, Violation> {
    match search_violation(text, field) {
        Some(violation) => Err(violation),
        None => Ok(text.and_then(Query::new)),
    }
}

/// Skills that fit `query`, best first; ties by the label in `language`. Retired ones are not offered.
pub async fn skills(
    connection: &impl ConnectionTrait,
    query: &Query,
    category: Option<&SkillCategoryId>,
    language: Language,
) -> Result<Vec<Hit>, DomainError> {
    let run = query.longest_run();
    let mut aliases: HashMap<SkillId, Vec<String>> = HashMap::new();
    for alias in skill_alias::Entity::find()
        .filter(skill_alias::COLUMN.folded.contains(run))
        .all(connection)
        .await?
    {
        aliases
            .entry(alias.skill_id)
            .or_default()
            .push(alias.folded);
    }
    let candidates = skill::Entity::find()
        .filter(skill::COLUMN.is_retired.eq(false))
        .filter(
            Condition::any()
                .add(skill::COLUMN.folded_en.contains(run))
                .add(skill::COLUMN.folded_fr.contains(run))
                .add(skill::COLUMN.id.is_in(aliases.keys().cloned())),
        )
        .apply_if(category.cloned(), |select, category| {
            select.filter(skill::COLUMN.category_id.eq(category))
        })
        .all(connection)
        .await?;
    Ok(rank_skills(candidates, &aliases, query, language))
}

/// Those of `candidates` that fit `query`, best first; ties by the label in `language`. `aliases` are folded.
pub(super) fn rank_skills(
    candidates: impl IntoIterator<Item = skill::Model>,
    aliases: &HashMap<SkillId, Vec<String>>,
    query: &Query,
    language: Language,
) -> Vec<Hit> {
    let mut hits: Vec<Hit> = candidates
        .into_iter()
        .filter_map(|skill| {
            let labels = [skill.folded_en.as_str(), skill.folded_fr.as_str()];
            let aliases = aliases.get(&skill.id).into_iter().flatten();
            let rank = query.rank(labels, aliases.map(String::as_str))?;
            Some(Hit { skill, rank })
        })
        .collect();
    hits.sort_by(|a, b| {
        let key = |hit: &Hit| (hit.rank, folded_label(&hit.skill, language).to_owned());
        key(a)
            .cmp(&key(b))
            .then_with(|| a.skill.id.cmp(&b.skill.id))
    });
    hits
}

/// Causes, all or those that fit `query` (the shipped aliases count too), best first, ties by label.
pub async fn causes(
    connection: &impl ConnectionTrait,
    query: Option<&Query>,
    language: Language,
) -> Result<Vec<cause::Model>, DomainError> {
    let rows = cause::Entity::find().all(connection).await?;
    let aliases: HashMap<CauseId, Vec<String>> = data::causes()?
        .into_iter()
        .map(|row| {
            let words = row.aliases_en.iter().chain(&row.aliases_fr);
            (CauseId::new(row.id), words.map(|text| fold(text)).collect())
        })
        .collect();
    Ok(ranked(rows, query, language, |row| Words {
        en: row.folded_en.clone(),
        fr: row.folded_fr.clone(),
        aliases: aliases.get(&row.id).cloned().unwrap_or_default(),
    }))
}

/// Role families, all or those that fit `query`, best first, ties by label.
pub async fn role_families(
    connection: &impl ConnectionTrait,
    query: Option<&Query>,
    language: Language,
) -> Result<Vec<role_family::Model>, DomainError> {
    let rows = role_family::Entity::find().all(connection).await?;
    Ok(ranked(rows, query, language, |row| Words {
        en: fold(&row.label_en),
        fr: fold(&row.label_fr),
        aliases: Vec::new(),
    }))
}

/// Canadian cities that fit `query`, best first; of those that fit alike, the most populous first.
pub fn places(query: &Query) -> Result<Vec<Place>, DomainError> {
    let mut hits: Vec<(Fit, Place)> = data::places()?
        .into_iter()
        .filter_map(|place| {
            let labels = [fold(&place.en), fold(&place.fr)];
            let rank = query.rank(labels.iter().map(String::as_str), [])?;
            Some((rank.fit, place))
        })
        .collect();
    hits.sort_by(|(a_fit, a), (b_fit, b)| {
        a_fit
            .cmp(b_fit)
            .then_with(|| b.population.cmp(&a.population))
            .then_with(|| a.id.cmp(&b.id))
    });
    Ok(hits.into_iter().map(|(_, place)| place).collect())
}

/// The folded label in `language`.
pub fn folded_label(skill: &skill::Model, language: Language) -> &str {
    match language {
        Language::En => &skill.folded_en,
        Language::Fr => &skill.folded_fr,
    }
}

struct Words {
    en: String,
    fr: String,
    aliases: Vec<String>,
}

fn ranked<R>(
    rows: Vec<R>,
    query: Option<&Query>,
    language: Language,
    words: impl Fn(&R) -> Words,
) -> Vec<R> {
    let mut found: Vec<(Option<Rank>, String, R)> = rows
        .into_iter()
        .filter_map(|row| {
            let words = words(&row);
            let rank = match query {
                None => None,
                Some(query) => Some(query.rank(
                    [words.en.as_str(), words.fr.as_str()],
                    words.aliases.iter().map(String::as_str),
                )?),
            };
            let label = match language {
                Language::En => words.en,
                Language::Fr => words.fr,
            };
            Some((rank, label, row))
        })
        .collect();
    found.sort_by(|(a_rank, a_label, _), (b_rank, b_label, _)| {
        (a_rank, a_label).cmp(&(b_rank, b_label))
    });
    found.into_iter().map(|(_, _, row)| row).collect()
}

/// The skills among `ids` that exist, by id. Retired ones are included; a caller that offers skills leaves them out.
pub async fn skills_by_id(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = SkillId>,
) -> Result<HashMap<SkillId, skill::Model>, DomainError> {
    let rows = skill::Entity::find()
        .filter(skill::COLUMN.id.is_in(ids))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
}
