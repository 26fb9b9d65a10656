//! Something one can do.

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::{skill, skill_alias};

use super::labels::{Labels, pick};
use super::language::Language;
use super::skill_category::SkillCategory;
use crate::domain::taxonomy::list::{self, Filter};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::taxonomy::{AliasesOf, RelatedTo};
use crate::graphql::page::OpaqueCursor;

/// Something one can do: a concept with words in both languages, never a free string.
pub struct Skill(pub skill::Model);

/// Something one can do: a concept with words in both languages, never a free string.
#[Object]
impl Skill {
    /// The skill's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// Its name in one language.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<&str> {
        let request = ctx.request()?;
        Ok(pick(request, language, &self.0.label_en, &self.0.label_fr))
    }

    /// Its name in both languages.
    async fn labels(&self) -> Labels {
        Labels {
            en: self.0.label_en.clone(),
            fr: self.0.label_fr.clone(),
        }
    }

    /// Other words for it, by which it is found too.
    async fn aliases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this language; of both when absent.")] language: Option<
            Language,
        >,
    ) -> Result<Vec<SkillAlias>> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let aliases = loaders.load_one(AliasesOf(self.0.id.clone())).await;
        let aliases = loaded(request, aliases)?.unwrap_or_default();
        Ok(aliases
            .into_iter()
            .map(SkillAlias::from)
            .filter(|alias| language.is_none_or(|language| alias.language == language))
            .collect())
    }

    /// The group it stands in.
    async fn category(&self, ctx: &Context<'_>) -> Result<Option<SkillCategory>> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let category = loaders.load_one(self.0.category_id.clone()).await;
        Ok(loaded(request, category)?.map(SkillCategory))
    }

    /// Skills near it: knowing it is worth part of knowing them. The nearest first.
    async fn related(&self, ctx: &Context<'_>) -> Result<Vec<RelatedSkill>> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let related = loaders.load_one(RelatedTo(self.0.id.clone())).await;
        let related = loaded(request, related)?.unwrap_or_default();
        let ids: Vec<_> = related.iter().map(|(id, _)| id.clone()).collect();
        let mut skills = loaded(request, loaders.load_many(ids).await)?;
        Ok(related
            .into_iter()
            .filter_map(|(id, weight_bp)| {
                Some(RelatedSkill {
                    skill: Skill(skills.remove(&id)?),
                    weight: f64::from(weight_bp) / 10_000.0,
                })
            })
            .collect())
    }

    /// Whether it is kept for what refers to it but not offered any more.
    async fn is_retired(&self) -> bool {
        self.0.is_retired
    }
}

/// Another word for a skill.
#[derive(SimpleObject)]
pub struct SkillAlias {
    /// The word.
    label: String,
    /// Its language.
    language: Language,
}

impl From<skill_alias::Model> for SkillAlias {
    fn from(alias: skill_alias::Model) -> Self {
        Self {
            label: alias.label,
            language: alias.language.into(),
        }
    }
}

/// A skill near another.
#[derive(SimpleObject)]
pub struct RelatedSkill {
    /// The other skill.
    skill: Skill,
    /// How near: from 0 (unrelated) to 1 (the same).
    weight: f64,
}

/// A list of skills.
pub type SkillConnection = Connection<OpaqueCursor, Skill, SkillList, EmptyFields>;

/// What a list of skills has beside its edges.
pub struct SkillList {
    pub(in crate::graphql) filter: Filter,
}

/// What a list of skills has beside its edges.
#[Object]
impl SkillList {
    /// How many skills the whole list has.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, list::count_skills(request, &self.filter).await)
    }
}
