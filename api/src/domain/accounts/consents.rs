//! What accounts agreed to: the history, and what holds now. The latest act of each purpose counts.

use std::collections::{HashMap, HashSet};

use entity::consent::{self, ConsentPurpose};
use entity::id::AccountId;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::error::DomainError;

/// Every act of `accounts`, the latest of each first.
pub async fn history(
    connection: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<consent::Model>, DomainError> {
    Ok(consent::Entity::find()
        .filter(consent::COLUMN.account_id.is_in(accounts.iter().copied()))
        .order_by_desc(consent::Column::GivenAt)
        .order_by_asc(consent::Column::Purpose)
        .all(connection)
        .await?)
}

/// Those of `accounts` that agree to `purpose` now.
pub async fn granted(
    connection: &impl ConnectionTrait,
    accounts: &[AccountId],
    purpose: ConsentPurpose,
) -> Result<HashSet<AccountId>, DomainError> {
    let acts = consent::Entity::find()
        .filter(consent::COLUMN.account_id.is_in(accounts.iter().copied()))
        .filter(consent::COLUMN.purpose.eq(purpose))
        .order_by_asc(consent::Column::GivenAt)
        .all(connection)
        .await?;
    let latest: HashMap<AccountId, bool> = acts
        .into_iter()
        .map(|act| (act.account_id, act.is_granted))
        .collect();
    Ok(latest
        .into_iter()
        .filter_map(|(account, is_granted)| is_granted.then_some(account))
        .collect())
}
