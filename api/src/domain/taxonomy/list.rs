//! The list of skills as people browse it: alphabetical, or ranked when they search.

use entity::id::SkillCategoryId;
use entity::language::Language;
use entity::skill;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryTrait as _,
    Select,
};

use super::rank::Query;
use super::search::{self, Hit};
use crate::context::Context;
use crate::error::{DomainError, Violation};
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, SortKey};

/// Labels, with the rank before them in a search, and slugs.
const BY_LABEL: (KeyKind, KeyKind) = (KeyKind::Text, KeyKind::Text);

/// Which skills.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What was typed; without a letter or digit it is as if absent.
    pub search: Option<String>,
    /// Only this category's.
    pub category: Option<SkillCategoryId>,
}

impl Filter {
    fn query(&self) -> Result<Option<Query>, Violation> {
        search::typed(self.search.as_deref(), "search")
    }

    fn select(&self) -> Select<skill::Entity> {
        skill::Entity::find()
            .filter(skill::COLUMN.is_retired.eq(false))
            .apply_if(self.category.clone(), |select, category| {
                select.filter(skill::COLUMN.category_id.eq(category))
            })
    }
}

/// A page of skills in the request's language.
///
/// # Errors
/// Too long a search; a page size or cursor that is none of this list.
pub async fn skills(
    ctx: &Context,
    filter: &Filter,
    arguments: &PageArguments,
) -> Result<Page<skill::Model>, DomainError> {
    let connection = &ctx.app.store.connection;
    let language = ctx.language;
    if let Some(query) = filter.query()? {
        let list = format!("skills/{language}/search/{}", query.folded());
        let page = PageRequest::new(list, BY_LABEL, arguments)?;
        let hits = search::skills(connection, &query, filter.category.as_ref(), language).await?;
        let page = page.slice(hits, |Hit { skill, rank }| {
            let (_, id) = key(skill, language);
            let label = search::folded_label(skill, language);
            (SortKey::Text(format!("{}{label}", rank.place())), id)
        });
        return Ok(page.map(|hit| hit.skill));
    }
    let page = PageRequest::new(format!("skills/{language}"), BY_LABEL, arguments)?;
    let label = match language {
        Language::En => skill::Column::FoldedEn,
        Language::Fr => skill::Column::FoldedFr,
    };
    let select = filter.select().cursor_by((label, skill::Column::Id));
    page.fetch(select, connection, |skill| key(skill, language))
        .await
}

/// How many skills the whole list has.
pub async fn count_skills(ctx: &Context, filter: &Filter) -> Result<u64, DomainError> {
    let connection = &ctx.app.store.connection;
    match filter.query()? {
        Some(query) => {
            let hits =
                search::skills(connection, &query, filter.category.as_ref(), ctx.language).await?;
            Ok(hits.len() as u64)
        }
        None => Ok(filter.select().count(connection).await?),
    }
}

fn key(skill: &skill::Model, language: Language) -> (SortKey, SortKey) {
    (
        SortKey::Text(search::folded_label(skill, language).to_owned()),
        SortKey::Text(skill.id.as_str().to_owned()),
    )
}
