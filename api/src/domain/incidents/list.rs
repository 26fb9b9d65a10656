//! Reading the register, the latest entry first.

use entity::incident;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::incident::{IncidentAction, decide};
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, Sort, SortKey};

/// Which incidents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Open ones, closed ones, or both.
    pub is_open: Option<bool>,
}

/// A page of incidents.
///
/// # Errors
/// A violation of the page's arguments.
pub async fn run(
    ctx: &Context,
    filter: Filter,
    page: &PageArguments,
) -> Result<Page<incident::Model>, DomainError> {
    decide(&ctx.actor, IncidentAction::View).require()?;
    let request = PageRequest::new("incidents", (KeyKind::Time, KeyKind::Uuid), page)?;
    let sort = Sort {
        key: column(incident::Column::CreatedAt),
        id: column(incident::Column::Id),
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
pub async fn count(ctx: &Context, filter: Filter) -> Result<u64, DomainError> {
    decide(&ctx.actor, IncidentAction::View).require()?;
    Ok(select(filter).count(&ctx.app.store.connection).await?)
}

fn select(filter: Filter) -> Select<incident::Entity> {
    let select = incident::Entity::find();
    match filter.is_open {
        Some(true) => select.filter(incident::COLUMN.closed_at.is_null()),
        Some(false) => select.filter(incident::COLUMN.closed_at.is_not_null()),
        None => select,
    }
}

fn column(column: incident::Column) -> Expr {
    Expr::col((incident::Entity, column))
}
