//! A shelf of skills.

use async_graphql::{Context, ID, Object, Result};
use entity::skill_category;

use super::labels::{Labels, pick};
use super::language::Language;
use crate::graphql::context::RequestExt as _;
use crate::graphql::id::encode;

/// A group of skills.
pub struct SkillCategory(pub skill_category::Model);

/// A group of skills.
#[Object]
impl SkillCategory {
    /// The category's id.
    async fn id(&self) -> ID {
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
}
