//! One mail for each account with everything that was noted for it since the last.

use entity::account;
use entity::follow_up;
use entity::id::AccountId;
use matcher::mail::{FollowUp, Message};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};

use super::item;
use crate::context::Context;
use crate::domain::pairings::parties::is_reachable;
use crate::error::DomainError;
use crate::outbox::{self, Draft};
use crate::store::transaction::{begin_write, retrying};

/// Writes the mails. Returns how many there were.
pub(super) async fn run(ctx: &Context) -> Result<u64, DomainError> {
    let accounts: Vec<AccountId> = follow_up::Entity::find()
        .select_only()
        .column(follow_up::Column::AccountId)
        .distinct()
        .filter(follow_up::COLUMN.told_at.is_null())
        .order_by_asc(follow_up::Column::AccountId)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?;
    let mut mails = 0;
    for id in accounts {
        mails += u64::from(retrying(|| tell(ctx, id)).await?);
    }
    Ok(mails)
}

/// Writes one account's mail. False when there is nothing left to tell, or another worker did.
async fn tell(ctx: &Context, id: AccountId) -> Result<bool, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    // Locked: of two workers the second finds everything told.
    let account = account::Entity::find_by_id(id)
        .lock_exclusive()
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    let noted = follow_up::Entity::find()
        .filter(follow_up::COLUMN.account_id.eq(id))
        .filter(follow_up::COLUMN.told_at.is_null())
        .order_by_asc(follow_up::Column::NotedAt)
        .order_by_asc(follow_up::Column::Id)
        .all(&*transaction)
        .await?;
    let mut items = Vec::new();
    if is_reachable(&account) {
        for follow_up in &noted {
            items.extend(item::read(ctx, &*transaction, follow_up, &account).await?);
        }
    }
    follow_up::Entity::update_many()
        .set(follow_up::ActiveModel {
            told_at: Set(Some(ctx.now())),
            ..Default::default()
        })
        .filter(follow_up::COLUMN.id.is_in(noted.iter().map(|row| row.id)))
        .exec(&*transaction)
        .await?;
    let is_something = !items.is_empty();
    if is_something {
        let draft = Draft {
            to: &account,
            message: Message::FollowUp(FollowUp { items }),
            pairing_id: None,
            send_at: ctx.now(),
        };
        outbox::queue(&ctx.app, &*transaction, draft).await?;
    }
    transaction.commit().await?;
    Ok(is_something)
}
