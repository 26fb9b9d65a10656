//! When accounts were last used. No request writes it: sessions, profiles, answers and consents tell it, and what a session
//! told is noted when the session is deleted.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::{account, account_activity, consent, pairing_event, session, volunteer};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};

use crate::error::DomainError;

/// Notes that an account was used at a moment, unless a later use is noted already.
pub(in crate::domain) async fn note_use(
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
    at: DateTime<Utc>,
) -> Result<(), DomainError> {
    let known = account_activity::Entity::find_by_id(account_id)
        .one(transaction)
        .await?;
    let later = known.and_then(|row| row.last_used_at);
    let row = account_activity::ActiveModel {
        account_id: Set(account_id),
        last_used_at: Set(Some(later.map_or(at, |later| later.max(at)))),
        ..Default::default()
    };
    account_activity::Entity::insert(row)
        .on_conflict(
            OnConflict::column(account_activity::Column::AccountId)
                .update_column(account_activity::Column::LastUsedAt)
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// When an account was last used, by anything that tells it.
pub(super) async fn last_use(
    connection: &impl ConnectionTrait,
    account: &account::Model,
    noted: Option<&account_activity::Model>,
) -> Result<DateTime<Utc>, DomainError> {
    let session: Option<DateTime<Utc>> = session::Entity::find()
        .select_only()
        .column(session::Column::LastUsedAt)
        .filter(session::COLUMN.account_id.eq(account.id))
        .order_by_desc(session::Column::LastUsedAt)
        .into_tuple()
        .one(connection)
        .await?;
    let profile: Option<DateTime<Utc>> = volunteer::Entity::find()
        .select_only()
        .column(volunteer::Column::LastActiveAt)
        .filter(volunteer::COLUMN.account_id.eq(account.id))
        .into_tuple()
        .one(connection)
        .await?;
    // Offers are answered by links in mails, without a session.
    let answer: Option<DateTime<Utc>> = pairing_event::Entity::find()
        .select_only()
        .column(pairing_event::Column::At)
        .filter(pairing_event::COLUMN.actor_account_id.eq(account.id))
        .order_by_desc(pairing_event::Column::At)
        .into_tuple()
        .one(connection)
        .await?;
    let consent: Option<DateTime<Utc>> = consent::Entity::find()
        .select_only()
        .column(consent::Column::GivenAt)
        .filter(consent::COLUMN.account_id.eq(account.id))
        .order_by_desc(consent::Column::GivenAt)
        .into_tuple()
        .one(connection)
        .await?;
    let noted = noted.and_then(|row| row.last_used_at);
    let told = [session, profile, answer, consent, noted];
    Ok(told
        .into_iter()
        .flatten()
        .fold(account.updated_at, Ord::max))
}
