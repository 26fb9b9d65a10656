//! Accounts that nobody uses: their owners are told twice, and then they are closed and erased. Whoever comes back in between
//! keeps everything. Nobody is closed out without having been told twice, each time as long before as the settings say, however
//! late this runs. Those who run the marketplace are left alone.

use chrono::{DateTime, Utc};
use entity::account::{self, AccountState};
use entity::account_activity;
use entity::id::AccountId;
use matcher::mail::{InactivityLastNotice, InactivityNotice, Message};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};

use super::activity;
use crate::context::Context;
use crate::domain::accounts::erase;
use crate::error::DomainError;
use crate::outbox::{self, Draft};
use crate::store::transaction::{begin_write, retrying};

/// How many accounts are looked at in one go.
const BATCH: u64 = 200;

/// What became of unused accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Owners who were told for the first time.
    pub first_notices: u64,
    /// Owners who were told for the last time.
    pub last_notices: u64,
    /// Accounts that were closed and are erased.
    pub closed: u64,
    /// Accounts that would have been closed, were they not the only owner of an organization.
    pub kept: u64,
}

/// What is to be done with an account now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    /// Tell for the first time; it closes at the moment given.
    FirstNotice(DateTime<Utc>),
    /// Tell for the last time; it closes at the moment given.
    LastNotice(DateTime<Utc>),
    Close,
    /// It would be closed, but an organization would be without an owner.
    Keep,
}

/// Goes through the accounts that may be due.
pub async fn run(ctx: &Context) -> Result<Seen, DomainError> {
    let mut seen = Seen::default();
    let mut after: Option<AccountId> = None;
    loop {
        let candidates = candidates(ctx, after).await?;
        for id in &candidates {
            match retrying(|| step(ctx, *id)).await? {
                Step::Nothing => {}
                Step::FirstNotice(_) => seen.first_notices += 1,
                Step::LastNotice(_) => seen.last_notices += 1,
                Step::Close => seen.closed += 1,
                Step::Keep => seen.kept += 1,
            }
        }
        after = candidates.last().copied();
        if (candidates.len() as u64) < BATCH {
            return Ok(seen);
        }
    }
}

/// Accounts whose own row was not changed for so long that their owner may have to be told, in the order of their ids.
async fn candidates(
    ctx: &Context,
    after: Option<AccountId>,
) -> Result<Vec<AccountId>, DomainError> {
    let keep = ctx.app.config.retention;
    let Some(before) = (ctx.now() + keep.first_notice).checked_sub_months(keep.inactive_account)
    else {
        return Ok(Vec::new());
    };
    let mut found = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(
            account::COLUMN
                .state
                .is_in([AccountState::Unverified, AccountState::Active]),
        )
        .filter(account::COLUMN.staff_role.is_null())
        .filter(account::COLUMN.updated_at.lte(before));
    if let Some(after) = after {
        found = found.filter(account::COLUMN.id.gt(after));
    }
    Ok(found
        .order_by_asc(account::Column::Id)
        .limit(BATCH)
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?)
}

/// Does what is due for one account.
async fn step(ctx: &Context, id: AccountId) -> Result<Step, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = account::Entity::find_by_id(id).one(&*transaction).await?;
    let Some(account) = account.filter(is_open) else {
        return Ok(Step::Nothing);
    };
    let noted = account_activity::Entity::find_by_id(id)
        .one(&*transaction)
        .await?;
    let last_use = activity::last_use(&*transaction, &account, noted.as_ref()).await?;
    let step = due(ctx, last_use, noted.as_ref());
    match step {
        Step::Nothing | Step::Keep => return Ok(step),
        Step::FirstNotice(closes_at) => {
            let notice = InactivityNotice {
                closes_at,
                reset_link: reset_link(ctx),
            };
            tell(
                ctx,
                &*transaction,
                &account,
                Message::InactivityNotice(notice),
            )
            .await?;
            note_notices(&*transaction, id, ctx.now(), None).await?;
        }
        Step::LastNotice(closes_at) => {
            let notice = InactivityLastNotice {
                closes_at,
                reset_link: reset_link(ctx),
            };
            tell(
                ctx,
                &*transaction,
                &account,
                Message::InactivityLastNotice(notice),
            )
            .await?;
            let first = noted.and_then(|row| row.first_notice_at);
            note_notices(
                &*transaction,
                id,
                first.unwrap_or_else(|| ctx.now()),
                Some(ctx.now()),
            )
            .await?;
        }
        Step::Close => match erase::request(ctx, &*transaction, id).await {
            // An organization is not left without an owner.
            Err(DomainError::Rules(_)) => return Ok(Step::Keep),
            requested => requested?,
        },
    }
    transaction.commit().await?;
    Ok(step)
}

/// What is due now for an account that was last used at a moment. Notices from before that use do not count.
fn due(ctx: &Context, last_use: DateTime<Utc>, noted: Option<&account_activity::Model>) -> Step {
    let keep = ctx.app.config.retention;
    let now = ctx.now();
    let since = |at: &DateTime<Utc>| *at > last_use;
    let first = noted.and_then(|row| row.first_notice_at).filter(since);
    let last = noted.and_then(|row| row.last_notice_at).filter(since);
    match (first, last) {
        (None, _) => match last_use.checked_add_months(keep.inactive_account) {
            Some(end) if end - keep.first_notice <= now => {
                Step::FirstNotice(end.max(now + keep.first_notice))
            }
            _ => Step::Nothing,
        },
        (Some(first), None) if first + keep.first_notice - keep.last_notice <= now => {
            Step::LastNotice(now + keep.last_notice)
        }
        (Some(_), Some(last)) if last + keep.last_notice <= now => Step::Close,
        _ => Step::Nothing,
    }
}

fn is_open(account: &account::Model) -> bool {
    matches!(
        account.state,
        AccountState::Unverified | AccountState::Active
    ) && account.staff_role.is_none()
}

async fn tell(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
    message: Message,
) -> Result<(), DomainError> {
    let draft = Draft {
        to: account,
        message,
        pairing_id: None,
        send_at: ctx.now(),
    };
    outbox::queue(&ctx.app, transaction, draft).await
}

fn reset_link(ctx: &Context) -> String {
    format!("{}/a/reset", ctx.app.config.http.base_url)
}

async fn note_notices(
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
    first: DateTime<Utc>,
    last: Option<DateTime<Utc>>,
) -> Result<(), DomainError> {
    let row = account_activity::ActiveModel {
        account_id: Set(account_id),
        first_notice_at: Set(Some(first)),
        last_notice_at: Set(last),
        ..Default::default()
    };
    account_activity::Entity::insert(row)
        .on_conflict(
            OnConflict::column(account_activity::Column::AccountId)
                .update_columns([
                    account_activity::Column::FirstNoticeAt,
                    account_activity::Column::LastNoticeAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
