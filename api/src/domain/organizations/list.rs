//! Listing organizations: the vetted ones for everybody, the worklist for coordinators.

use entity::id::OrganizationId;
use entity::organization::{self, OrganizationState};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select,
};

use crate::actor::Actor;
use crate::context::Context;
use crate::domain::projects::filter::like;
use crate::domain::taxonomy::fold::fold;
use crate::domain::text::search_violation;
use crate::error::DomainError;
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, Sort, SortKey};

/// Which organizations.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In one of these states; when absent, vetted ones. What the actor may not see is left out in any case.
    pub states: Option<Vec<OrganizationState>>,
    /// With each of these words in the name; up to 200 characters.
    pub text: Option<String>,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By name.
    Name,
    /// Those first that have waited longest since they were submitted.
    LongestWaiting,
}

/// A page of organizations.
///
/// # Errors
/// A violation of the page's arguments.
pub async fn run(
    ctx: &Context,
    filter: &Filter,
    order: Order,
    page: &PageArguments,
) -> Result<Page<organization::Model>, DomainError> {
    if let Some(violation) = search_violation(filter.text.as_deref(), "filter.text") {
        return Err(violation.into());
    }
    let connection = &ctx.app.store.connection;
    let (name, key_kind) = match order {
        Order::Name => ("organizations/name", KeyKind::Text),
        Order::LongestWaiting => ("organizations/longest-waiting", KeyKind::Time),
    };
    let request = PageRequest::new(name, (key_kind, KeyKind::Uuid), page)?;
    let sort = Sort {
        key: match order {
            Order::Name => column(organization::Column::NameFolded),
            Order::LongestWaiting => Expr::from(sea_orm::sea_query::Func::coalesce([
                column(organization::Column::SubmittedAt),
                column(organization::Column::CreatedAt),
            ])),
        },
        id: column(organization::Column::Id),
        is_descending: false,
    };
    request
        .fetch_by(select(ctx, filter), &sort, connection, |row| {
            let key = match order {
                Order::Name => SortKey::Text(row.name_folded.clone()),
                Order::LongestWaiting => SortKey::Time(
                    row.submitted_at
                        .unwrap_or(row.created_at)
                        .timestamp_micros(),
                ),
            };
            (key, SortKey::Uuid(row.id.uuid()))
        })
        .await
}

/// How many there are on all pages.
pub async fn count(ctx: &Context, filter: &Filter) -> Result<u64, DomainError> {
    let count = select(ctx, filter).count(&ctx.app.store.connection).await?;
    Ok(count)
}

fn select(ctx: &Context, filter: &Filter) -> Select<organization::Entity> {
    let mut select = organization::Entity::find().filter(visible(ctx));
    select = match &filter.states {
        Some(states) => select.filter(organization::COLUMN.state.is_in(states.iter().copied())),
        None => select.filter(organization::COLUMN.state.eq(OrganizationState::Vetted)),
    };
    for word in fold(filter.text.as_deref().unwrap_or_default()).split(' ') {
        if !word.is_empty() {
            select = select.filter(column(organization::Column::NameFolded).like(like(word)));
        }
    }
    select
}

/// The policy's `View`, as a condition.
fn visible(ctx: &Context) -> Condition {
    if ctx.actor.is_staff() || ctx.actor == Actor::System {
        return Condition::all();
    }
    let own: Vec<OrganizationId> = ctx
        .actor
        .person()
        .map(|person| person.memberships.iter().map(|(id, _)| *id).collect())
        .unwrap_or_default();
    Condition::any()
        .add(is_vetted(ctx))
        .add(organization::COLUMN.id.is_in(own))
}

/// Vetted, and not run out.
pub(in crate::domain) fn is_vetted(ctx: &Context) -> Condition {
    Condition::all()
        .add(organization::COLUMN.state.eq(OrganizationState::Vetted))
        .add(
            Condition::any()
                .add(organization::COLUMN.vetted_until.is_null())
                .add(organization::COLUMN.vetted_until.gt(ctx.now())),
        )
}

fn column(column: organization::Column) -> Expr {
    Expr::col((organization::Entity, column))
}
