//! Who looked at one's personal data: the last day first. The viewers' names are not told.

use entity::id::AccountId;
use entity::personal_read;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::personal_read::decide;
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, SortKey};

/// A page of the looks at the data of `account`.
///
/// # Errors
/// When it is not the actor's own account; a page size or cursor that is none of this list.
pub async fn run(
    ctx: &Context,
    account: AccountId,
    arguments: &PageArguments,
) -> Result<Page<personal_read::Model>, DomainError> {
    let looks = select(ctx, account)?;
    let kinds = (KeyKind::Day, KeyKind::Uuid);
    let page = PageRequest::new("profile-views/newest", kinds, arguments)?;
    let mut cursor = looks.cursor_by((personal_read::Column::Day, personal_read::Column::Id));
    cursor.desc();
    page.fetch(cursor, &ctx.app.store.connection, |look| {
        (SortKey::Day(look.day), SortKey::Uuid(look.id.uuid()))
    })
    .await
}

/// How many there are.
///
/// # Errors
/// As [`run`].
pub async fn count(ctx: &Context, account: AccountId) -> Result<u64, DomainError> {
    Ok(select(ctx, account)?
        .count(&ctx.app.store.connection)
        .await?)
}

fn select(ctx: &Context, account: AccountId) -> Result<Select<personal_read::Entity>, DomainError> {
    decide(&ctx.actor, account).require()?;
    Ok(personal_read::Entity::find().filter(personal_read::COLUMN.account_id.eq(account)))
}
