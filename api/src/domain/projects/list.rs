//! Browsing projects: filtered, in one of three orders, by pages.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::OrganizationId;
use entity::language::Language;
use entity::project;
use sea_orm::sea_query::{Expr, Func, IntoColumnRef as _};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _};

use super::filter::{Filter, select};
use crate::context::Context;
use crate::error::{DomainError, Violation};
use crate::store::page::{Groups, KeyKind, Page, PageArguments, PageRequest, Sort, SortKey};

/// Stands for the first day of projects that do not name one: they come last.
const NO_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Last published (or, while unpublished, last created) first.
    #[default]
    Newest,
    /// Earliest first day first; without a first day last.
    StartingSoon,
    /// By title as a reader of the language sees it, without regard to case and accents.
    Title(Language),
}

/// A page of projects that the actor may see.
///
/// # Errors
/// Violations of the filter or of the page's arguments.
pub async fn run(
    ctx: &Context,
    filter: &Filter,
    order: Order,
    page: &PageArguments,
) -> Result<Page<project::Model>, DomainError> {
    let request = page_request(order, page)?;
    let select = select(ctx, filter)?;
    request
        .fetch_by(select, &sort(order), &ctx.app.store.connection, |row| {
            (key(order, row), SortKey::Uuid(row.id.uuid()))
        })
        .await
}

/// The same page of the projects of each of `organizations` that the actor may see, by one statement.
///
/// # Errors
/// Violations of the filter.
pub async fn run_each(
    ctx: &Context,
    organizations: &[OrganizationId],
    filter: &Filter,
    order: Order,
    page: &PageRequest,
) -> Result<HashMap<OrganizationId, Page<project::Model>>, DomainError> {
    let of_each = project::COLUMN
        .organization_id
        .is_in(organizations.iter().copied());
    let groups = Groups {
        all: organizations,
        column: (project::Entity, project::Column::OrganizationId).into_column_ref(),
        of: |row: &project::Model| row.organization_id,
    };
    let select = select(ctx, filter)?.filter(of_each);
    page.fetch_each(
        select,
        &sort(order),
        groups,
        &ctx.app.store.connection,
        |row| (key(order, row), SortKey::Uuid(row.id.uuid())),
    )
    .await
}

/// The arguments of a page, checked for the list in `order`.
///
/// # Errors
/// What is wrong with them.
pub fn page_request(order: Order, page: &PageArguments) -> Result<PageRequest, Violation> {
    let (name, key_kind) = match order {
        Order::Newest => ("projects/newest", KeyKind::Time),
        Order::StartingSoon => ("projects/starting-soon", KeyKind::Day),
        Order::Title(Language::En) => ("projects/title-en", KeyKind::Text),
        Order::Title(Language::Fr) => ("projects/title-fr", KeyKind::Text),
    };
    PageRequest::new(name, (key_kind, KeyKind::Uuid), page)
}

/// How many there are on all pages.
///
/// # Errors
/// Violations of the filter.
pub async fn count(ctx: &Context, filter: &Filter) -> Result<u64, DomainError> {
    let count = select(ctx, filter)?
        .count(&ctx.app.store.connection)
        .await?;
    Ok(count)
}

/// How many there are of each of `organizations`, by one statement; those that have none are left out.
///
/// # Errors
/// Violations of the filter.
pub async fn count_each(
    ctx: &Context,
    organizations: &[OrganizationId],
    filter: &Filter,
) -> Result<HashMap<OrganizationId, u64>, DomainError> {
    let of_each = project::COLUMN
        .organization_id
        .is_in(organizations.iter().copied());
    let counts: Vec<(OrganizationId, i64)> = select(ctx, filter)?
        .filter(of_each)
        .select_only()
        .column(project::Column::OrganizationId)
        .column_as(project::Column::Id.count(), "projects")
        .group_by(project::Column::OrganizationId)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    Ok(counts
        .into_iter()
        .map(|(organization_id, count)| (organization_id, count.cast_unsigned()))
        .collect())
}

fn sort(order: Order) -> Sort {
    let column = |column: project::Column| Expr::col((project::Entity, column));
    let key = match order {
        Order::Newest => Expr::from(Func::coalesce([
            column(project::Column::PublishedAt),
            column(project::Column::CreatedAt),
        ])),
        Order::StartingSoon => Expr::from(Func::coalesce([
            column(project::Column::StartsOn),
            Expr::val(NO_DAY),
        ])),
        Order::Title(Language::En) => column(project::Column::TitleFoldedEn),
        Order::Title(Language::Fr) => column(project::Column::TitleFoldedFr),
    };
    Sort {
        key,
        id: column(project::Column::Id),
        is_descending: order == Order::Newest,
    }
}

fn key(order: Order, row: &project::Model) -> SortKey {
    match order {
        Order::Newest => SortKey::Time(
            row.published_at
                .unwrap_or(row.created_at)
                .timestamp_micros(),
        ),
        Order::StartingSoon => SortKey::Day(row.starts_on.unwrap_or(NO_DAY)),
        Order::Title(Language::En) => SortKey::Text(row.title_folded_en.clone()),
        Order::Title(Language::Fr) => SortKey::Text(row.title_folded_fr.clone()),
    }
}
