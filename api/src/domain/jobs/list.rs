//! Listing jobs, the latest first.

use entity::job::{self, JobState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::job::{JobAction, decide};
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, Sort, SortKey};

/// Which jobs.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those in this state.
    pub state: Option<JobState>,
    /// Those of this kind.
    pub kind: Option<String>,
}

/// A page of jobs.
///
/// # Errors
/// A violation of the page's arguments.
pub async fn run(
    ctx: &Context,
    filter: &Filter,
    page: &PageArguments,
) -> Result<Page<job::Model>, DomainError> {
    decide(&ctx.actor, JobAction::View).require()?;
    let request = PageRequest::new("jobs", (KeyKind::Time, KeyKind::Uuid), page)?;
    let sort = Sort {
        key: Expr::col((job::Entity, job::Column::CreatedAt)),
        id: Expr::col((job::Entity, job::Column::Id)),
        is_descending: true,
    };
    request
        .fetch_by(select(filter), &sort, &ctx.app.store.connection, |row| {
            let key = SortKey::Time(row.created_at.timestamp_micros());
            (key, SortKey::Uuid(row.id.uuid()))
        })
        .await
}

/// How many there are on all pages.
pub async fn count(ctx: &Context, filter: &Filter) -> Result<u64, DomainError> {
    decide(&ctx.actor, JobAction::View).require()?;
    Ok(select(filter).count(&ctx.app.store.connection).await?)
}

fn select(filter: &Filter) -> Select<job::Entity> {
    let mut select = job::Entity::find();
    if let Some(state) = filter.state {
        select = select.filter(job::COLUMN.state.eq(state));
    }
    if let Some(kind) = &filter.kind {
        select = select.filter(job::COLUMN.kind.eq(kind.as_str()));
    }
    select
}
