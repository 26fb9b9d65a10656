//! A kind of profession.

use async_graphql::{Context, ID, Object, Result};
use entity::role_family;

use super::labels::{Labels, pick};
use super::language::Language;
use super::skill::Skill;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::loaded;
use crate::graphql::id::encode;
use crate::graphql::loaders::taxonomy::SuggestedBy;

/// A kind of profession, which suggests skills.
pub struct RoleFamily(pub role_family::Model);

/// A kind of profession, which suggests skills.
#[Object]
impl RoleFamily {
    /// The role family's id.
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

    /// The skills that people of this profession usually have.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Vec<Skill>> {
        let (request, loaders) = (ctx.request()?, ctx.loaders()?);
        let ids = loaders.load_one(SuggestedBy(self.0.id.clone())).await;
        let ids = loaded(request, ids)?.unwrap_or_default();
        let mut skills = loaded(request, loaders.load_many(ids.clone()).await)?;
        Ok(ids
            .iter()
            .filter_map(|id| skills.remove(id).map(Skill))
            .collect())
    }
}
