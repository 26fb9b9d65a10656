//! Skills, causes, role families and places: open to everybody.

use async_graphql::{Context, ID, Object, Result};
use entity::id::{SkillCategoryId, SkillId};

use crate::domain::taxonomy::list::{self, Filter};
use crate::domain::taxonomy::search;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::decode;
use crate::graphql::page::connection;
use crate::graphql::types::cause::Cause;
use crate::graphql::types::place::Place;
use crate::graphql::types::role_family::RoleFamily;
use crate::graphql::types::skill::{Skill, SkillConnection, SkillList};
use crate::store::page::PageArguments;

#[derive(Default)]
pub(super) struct TaxonomyQuery;

#[Object]
impl TaxonomyQuery {
    /// Skills by label in the request's language, or the best matches of `search` first.
    #[expect(
        clippy::too_many_arguments,
        reason = "a list's filters and Relay's four arguments"
    )]
    async fn skills(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words of a label or alias in English or French; accents and case make no difference."
        )]
        search: Option<String>,
        #[graphql(desc = "Only this category's.")] category_id: Option<ID>,
        #[graphql(desc = "Items from the start, 1 to 100; 20 when absent.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<SkillConnection> {
        let request = ctx.request()?;
        let category = category_id
            .map(|id| decode::<SkillCategoryId>(&id, "categoryId"))
            .transpose()
            .map_err(Into::into);
        let filter = Filter {
            search,
            category: graphql(request, category)?,
        };
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let page = graphql(request, list::skills(request, &filter, &arguments).await)?;
        Ok(connection(page, SkillList { filter }, Skill))
    }

    /// The skill with this id; null when there is none.
    async fn skill(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The skill's id.")] id: ID,
    ) -> Result<Option<Skill>> {
        let request = ctx.request()?;
        let id = graphql(request, decode::<SkillId>(&id, "id").map_err(Into::into))?;
        let skill = ctx.loaders()?.load_one(id).await;
        Ok(loaded(request, skill)?.map(Skill))
    }

    /// Every cause by label in the request's language, or the best matches of `search` first.
    async fn causes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words of a label or alias in English or French.")] search: Option<String>,
    ) -> Result<Vec<Cause>> {
        let request = ctx.request()?;
        let query = search::typed(search.as_deref(), "search").map_err(Into::into);
        let query = graphql(request, query)?;
        let connection = &request.app.store.connection;
        let causes = search::causes(connection, query.as_ref(), request.language).await;
        Ok(graphql(request, causes)?.into_iter().map(Cause).collect())
    }

    /// Every role family by label in the request's language, or the best matches of `search` first.
    async fn role_families(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words of a label in English or French.")] search: Option<String>,
    ) -> Result<Vec<RoleFamily>> {
        let request = ctx.request()?;
        let query = search::typed(search.as_deref(), "search").map_err(Into::into);
        let query = graphql(request, query)?;
        let connection = &request.app.store.connection;
        let families = search::role_families(connection, query.as_ref(), request.language).await;
        let families = graphql(request, families)?;
        Ok(families.into_iter().map(RoleFamily).collect())
    }

    /// Canadian cities whose English or French name has words that begin so, the most populous first.
    async fn places(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The beginning of a name.")] search: String,
    ) -> Result<Vec<Place>> {
        let request = ctx.request()?;
        let query = search::typed(Some(&search), "search").map_err(Into::into);
        let Some(query) = graphql(request, query)? else {
            return Ok(Vec::new());
        };
        let places = graphql(request, search::places(&query))?;
        Ok(places.into_iter().map(Place).collect())
    }
}
