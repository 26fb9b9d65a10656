//! Browsing projects: filtered, in one of three orders, by pages.

use chrono::NaiveDate;
use entity::language::Language;
use entity::project;
use sea_orm::PaginatorTrait as _;
use sea_orm::sea_query::{Expr, Func};

use super::filter::{Filter, select};
use crate::context::Context;
use crate::error::DomainError;
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, Sort, SortKey};

/// Stands for the first day of projects that do not name one: they come last.
const NO_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    let (name, key_kind) = match order {
        Order::Newest => ("projects/newest", KeyKind::Time),
        Order::StartingSoon => ("projects/starting-soon", KeyKind::Day),
        Order::Title(Language::En) => ("projects/title-en", KeyKind::Text),
        Order::Title(Language::Fr) => ("projects/title-fr", KeyKind::Text),
    };
    let request = PageRequest::new(name, (key_kind, KeyKind::Uuid), page)?;
    let select = select(ctx, filter)?;
    request
        .fetch_by(select, &sort(order), &ctx.app.store.connection, |row| {
            (key(order, row), SortKey::Uuid(row.id.uuid()))
        })
        .await
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
