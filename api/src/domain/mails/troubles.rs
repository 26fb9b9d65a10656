//! Mails that somebody should look at: given up, come back, or called spam.

use entity::mail_message;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::mail::{MailAction, decide};
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, Sort, SortKey};

/// As the index of just these rows has it: both databases take that for a condition of the same words.
const TROUBLE: &str = "state = 'failed' OR bounced_at IS NOT NULL OR complained_at IS NOT NULL";

/// A page of them, the latest first.
///
/// # Errors
/// A violation of the page's arguments.
pub async fn run(
    ctx: &Context,
    page: &PageArguments,
) -> Result<Page<mail_message::Model>, DomainError> {
    decide(&ctx.actor, MailAction::ViewTroubles).require()?;
    let request = PageRequest::new("mailTroubles", (KeyKind::Time, KeyKind::Uuid), page)?;
    let sort = Sort {
        key: Expr::col((mail_message::Entity, mail_message::Column::CreatedAt)),
        id: Expr::col((mail_message::Entity, mail_message::Column::Id)),
        is_descending: true,
    };
    request
        .fetch_by(select(), &sort, &ctx.app.store.connection, |row| {
            let key = SortKey::Time(row.created_at.timestamp_micros());
            (key, SortKey::Uuid(row.id.uuid()))
        })
        .await
}

/// How many there are on all pages.
pub async fn count(ctx: &Context) -> Result<u64, DomainError> {
    decide(&ctx.actor, MailAction::ViewTroubles).require()?;
    Ok(select().count(&ctx.app.store.connection).await?)
}

pub(in crate::domain) fn select() -> Select<mail_message::Entity> {
    mail_message::Entity::find().filter(Expr::cust(TROUBLE))
}
