//! Erasing somebody, once the account is shut and the job has its turn: every pairing ends, seats are freed, the other sides
//! are told, and what is held of the person is taken away as the [`inventory`](super::inventory) says. Counts stay.
//!
//! It may be repeated at any point: what has ended is ended, and an account that is erased has nothing left to take.

use chrono::{DateTime, TimeDelta, Utc};
use entity::account::{self, AccountState};
use entity::id::AccountId;
use entity::mail_message::{self, MailState};
use entity::volunteer;
use matcher::mail::{AccountErased, Message};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::inventory::{Column, Erasure, HELD, Held, Rows, Subject};
use super::{mails, suppressions, words};
use crate::context::Context;
use crate::domain::{audit, idempotency, pairings};
use crate::error::DomainError;
use crate::jobs::{self, erase_account::EraseAccount};
use crate::outbox::{self, Draft};
use crate::store::traces;
use crate::store::transaction::{begin_write, retrying};

/// Longer than anything that read of somebody before they were erased takes to write.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(30);

/// Erases the owner of an account whose erasure was asked for.
pub async fn run(ctx: &Context, account_id: AccountId) -> Result<(), DomainError> {
    let connection = &ctx.app.store.connection;
    let profile = volunteer::Entity::find()
        .filter(volunteer::COLUMN.account_id.eq(account_id))
        .one(connection)
        .await?;
    if let Some(profile) = &profile {
        pairings::leave::run(ctx, profile.id).await?;
    }
    retrying(|| take_away(ctx, account_id)).await?;
    traces::remove(&ctx.app.store).await?;
    Ok(())
}

/// Looks again, when whatever was under way during the erasure is over: a round computed from what was there before writes
/// reasons in words, and may have been applied since.
pub async fn look_again(ctx: &Context, account_id: AccountId) -> Result<(), DomainError> {
    let profile = volunteer::Entity::find()
        .filter(volunteer::COLUMN.account_id.eq(account_id))
        .one(&ctx.app.store.connection)
        .await?;
    let Some(profile) = profile else {
        return Ok(());
    };
    pairings::leave::run(ctx, profile.id).await?;
    retrying(|| async {
        let transaction = begin_write(&ctx.app.store).await?;
        words::take_out(&*transaction, profile.id).await?;
        transaction.commit().await?;
        Ok(())
    })
    .await?;
    traces::remove(&ctx.app.store).await?;
    Ok(())
}

/// Takes away what is held, all of it or nothing, and queues the last mail.
async fn take_away(ctx: &Context, account_id: AccountId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    // The order in which all lock them: profile, pairings, account.
    let profile = volunteer::Entity::find()
        .filter(volunteer::COLUMN.account_id.eq(account_id))
        .lock_exclusive()
        .one(&*transaction)
        .await?;
    if let Some(profile) = &profile
        && pairings::leave::has_live(&*transaction, profile.id).await?
    {
        return Err(DomainError::internal(
            "a pairing began while its volunteer was being erased",
        ));
    }
    let Some(account) = account::Entity::find_by_id(account_id)
        .lock_exclusive()
        .one(&*transaction)
        .await?
        .filter(|account| account.state != AccountState::Erased)
    else {
        return Ok(());
    };
    let subject = Subject::of(&*transaction, &account).await?;
    mails::drop_queued(&*transaction, &subject).await?;
    wait_for_mails(&*transaction, &subject).await?;
    suppressions::seal(&ctx.app, &*transaction, &account.email_normalized).await?;
    if let Some(profile) = &profile {
        words::take_out(&*transaction, profile.id).await?;
    }
    for held in HELD {
        apply(&*transaction, held, &subject, ctx.now()).await?;
    }
    idempotency::settle::forget(&*transaction).await?;
    say_farewell(ctx, &*transaction, &account).await?;
    let about = ("account", Some(account_id.uuid()));
    let detail = serde_json::json!({});
    audit::record(ctx, &*transaction, "account.erased", about, detail).await?;
    let again = EraseAccount {
        account_id,
        is_second_look: true,
    };
    jobs::enqueue(&ctx.app, &*transaction, &again, ctx.now() + UNDER_WAY).await?;
    transaction.commit().await?;
    Ok(())
}

/// Waits for whoever is about to report on a mail of the person's pairings: either that report comes first, and the mail is
/// emptied here, or it finds the account erased, and empties the mail itself.
async fn wait_for_mails(
    transaction: &impl ConnectionTrait,
    subject: &Subject,
) -> Result<(), DomainError> {
    mail_message::Entity::find()
        .filter(mail_message::COLUMN.state.eq(MailState::Queued))
        .filter(subject.is_of_their_pairings())
        .order_by_asc(mail_message::Column::Id)
        .lock_exclusive()
        .all(transaction)
        .await?;
    Ok(())
}

/// Does with the rows of one line what it says.
async fn apply(
    transaction: &impl ConnectionTrait,
    held: &Held,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<(), DomainError> {
    let which = held.whose.condition(subject);
    let table = Alias::new(held.table);
    match held.rows {
        Rows::Deleted => {
            let mut statement = Query::delete();
            statement.from_table(table).cond_where(which);
            transaction.execute(&statement).await?;
        }
        Rows::Kept => {
            let mut statement = Query::update();
            statement.table(table).cond_where(which);
            let mut is_changed = false;
            for column in held.columns {
                if let Some(value) = value(held, column, subject, now)? {
                    statement.value(Alias::new(column.name), value);
                    is_changed = true;
                }
            }
            if is_changed {
                transaction.execute(&statement).await?;
            }
        }
        // Sealed row by row before.
        Rows::Sealed => {}
    }
    Ok(())
}

/// What a column is set to; nothing where it stays, or was seen to before.
fn value(
    held: &Held,
    column: &Column,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<Option<Expr>, DomainError> {
    let value = match column.erasure {
        Erasure::Kept | Erasure::Unworded => return Ok(None),
        Erasure::Emptied => {
            let definition = held.definition(column.name).ok_or_else(|| {
                DomainError::internal(format!("no column {}.{}", held.table, column.name))
            })?;
            if definition.is_null() {
                Expr::null()
            } else {
                Expr::val("")
            }
        }
        Erasure::Text(text) => Expr::val(text),
        Erasure::Number(number) => Expr::val(number),
        Erasure::Tombstone => Expr::val(format!("erased:{}", subject.account_id)),
        Erasure::Counted => Expr::col(Alias::new(column.name)).add(1),
        Erasure::Stamped => Expr::val(now),
    };
    Ok(Some(value))
}

/// Queues the last mail, to an address that was confirmed: another's would be told of somebody else's account.
async fn say_farewell(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
) -> Result<(), DomainError> {
    if account.email_verified_at.is_none() {
        return Ok(());
    }
    let message = Message::AccountErased(AccountErased {
        erased_at: ctx.now(),
    });
    let draft = Draft {
        to: account,
        message,
        pairing_id: None,
        send_at: ctx.now(),
    };
    outbox::queue(&ctx.app, transaction, draft).await
}
