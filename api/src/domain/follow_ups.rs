//! What becomes of silence. Once a day each of the finders here looks for what nobody has moved on for too long and notes,
//! for everybody concerned, that they are to be told; then everybody gets one mail with all of it.
//!
//! Everything may run twice, at any time and on two nodes at once: an occasion is noted once for each account, which the
//! database sees to, and what is noted is looked at again before it is told.

mod check_ins;
mod commitments;
mod drafts;
mod item;
pub mod link;
mod listings;
pub mod run;
pub mod silence;
mod tell;
mod vettings;

use chrono::{DateTime, Utc};
use entity::account;
use entity::follow_up::{self, FollowUpKind};
use entity::id::{AccountId, FollowUpId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait as _, Set};
use uuid::Uuid;

use crate::context::Context;
use crate::error::DomainError;

/// What somebody is to be told of: the kind, the row it is about, and the moment that brought it about.
type Occasion = (FollowUpKind, Uuid, DateTime<Utc>);

/// Notes that `accounts` are to be told, on the caller's transaction. Returns how many had not been noted for this occasion
/// before.
async fn note(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    (kind, subject_id, occasion): Occasion,
    accounts: &[AccountId],
) -> Result<u64, DomainError> {
    let mut noted = 0;
    for account_id in accounts.iter().copied() {
        noted += follow_up::Entity::insert(follow_up::ActiveModel {
            id: Set(FollowUpId::new(ctx.app.new_id())),
            account_id: Set(account_id),
            kind: Set(kind),
            subject_id: Set(subject_id),
            occasion: Set(occasion),
            noted_at: Set(ctx.now()),
            told_at: Set(None),
        })
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    }
    Ok(noted)
}

/// The ids of accounts.
fn ids(accounts: &[account::Model]) -> Vec<AccountId> {
    accounts.iter().map(|account| account.id).collect()
}
