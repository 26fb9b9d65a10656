//! Volunteers by id and account, and the lists of their profiles.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::consent::ConsentPurpose;
use entity::id::{AccountId, CauseId, VolunteerId};
use entity::{
    conflict_of_interest, consent, time_off, volunteer, volunteer_cause, volunteer_language,
    volunteer_skill, volunteer_window,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Reader, group, store};
use crate::domain::accounts::consents;
use crate::domain::volunteers::view::{self, Disclosures};
use crate::error::DomainError;

/// Declares a key type around a volunteer's id.
macro_rules! keys {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub VolunteerId);
    )+};
}

keys! {
    /// The skills of a volunteer: what is known best first.
    SkillsOf,
    /// The windows of a volunteer, by day and time.
    WindowsOf,
    /// The times off of a volunteer, the next first.
    TimesOffOf,
    /// The codes of the languages of a volunteer.
    LanguagesOf,
    /// The causes of a volunteer.
    CausesOf,
    /// The conflicts of interest of a volunteer.
    ConflictsOf,
    /// What the pairings of a volunteer disclose to organizations.
    DisclosuresOf,
}

/// The volunteer profile of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProfileOf(pub AccountId);

/// Whether an account agrees to a purpose now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Agrees(pub AccountId, pub ConsentPurpose);

/// What an account agreed to and took back, the latest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConsentsOf(pub AccountId);

impl Loader<ConsentsOf> for Reader {
    type Value = Vec<consent::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ConsentsOf],
    ) -> Result<HashMap<ConsentsOf, Self::Value>, Self::Error> {
        let accounts: Vec<AccountId> = keys.iter().map(|key| key.0).collect();
        let acts = consents::history(&self.app.store.connection, &accounts)
            .await
            .map_err(Arc::new)?;
        Ok(group(
            acts.into_iter()
                .map(|act| (ConsentsOf(act.account_id), act)),
        ))
    }
}

impl Loader<VolunteerId> for Reader {
    type Value = volunteer::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[VolunteerId],
    ) -> Result<HashMap<VolunteerId, Self::Value>, Self::Error> {
        let rows = volunteer::Entity::find()
            .filter(volunteer::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<ProfileOf> for Reader {
    type Value = volunteer::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ProfileOf],
    ) -> Result<HashMap<ProfileOf, Self::Value>, Self::Error> {
        let rows = volunteer::Entity::find()
            .filter(
                volunteer::COLUMN
                    .account_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows
            .into_iter()
            .map(|row| (ProfileOf(row.account_id), row))
            .collect())
    }
}

impl Loader<SkillsOf> for Reader {
    type Value = Vec<volunteer_skill::Model>;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[SkillsOf]) -> Result<HashMap<SkillsOf, Self::Value>, Self::Error> {
        let mut rows = volunteer_skill::Entity::find()
            .filter(
                volunteer_skill::COLUMN
                    .volunteer_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(volunteer_skill::Column::SkillId)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        // Here, since the databases differ on where an absent level stands.
        rows.sort_by_key(|row| std::cmp::Reverse(row.level));
        Ok(group(
            rows.into_iter()
                .map(|row| (SkillsOf(row.volunteer_id), row)),
        ))
    }
}

impl Loader<WindowsOf> for Reader {
    type Value = Vec<volunteer_window::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[WindowsOf],
    ) -> Result<HashMap<WindowsOf, Self::Value>, Self::Error> {
        let rows = volunteer_window::Entity::find()
            .filter(
                volunteer_window::COLUMN
                    .volunteer_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(volunteer_window::Column::Weekday)
            .order_by_asc(volunteer_window::Column::StartMinute)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (WindowsOf(row.volunteer_id), row)),
        ))
    }
}

impl Loader<TimesOffOf> for Reader {
    type Value = Vec<time_off::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[TimesOffOf],
    ) -> Result<HashMap<TimesOffOf, Self::Value>, Self::Error> {
        let rows = time_off::Entity::find()
            .filter(
                time_off::COLUMN
                    .volunteer_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(time_off::Column::StartsOn)
            .order_by_asc(time_off::Column::EndsOn)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (TimesOffOf(row.volunteer_id), row)),
        ))
    }
}

impl Loader<LanguagesOf> for Reader {
    type Value = Vec<String>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[LanguagesOf],
    ) -> Result<HashMap<LanguagesOf, Self::Value>, Self::Error> {
        let rows = volunteer_language::Entity::find()
            .filter(
                volunteer_language::COLUMN
                    .volunteer_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(volunteer_language::Column::Language)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (LanguagesOf(row.volunteer_id), row.language)),
        ))
    }
}

impl Loader<CausesOf> for Reader {
    type Value = Vec<CauseId>;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[CausesOf]) -> Result<HashMap<CausesOf, Self::Value>, Self::Error> {
        let rows = volunteer_cause::Entity::find()
            .filter(
                volunteer_cause::COLUMN
                    .volunteer_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(volunteer_cause::Column::CauseId)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (CausesOf(row.volunteer_id), row.cause_id)),
        ))
    }
}

impl Loader<ConflictsOf> for Reader {
    type Value = Vec<conflict_of_interest::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ConflictsOf],
    ) -> Result<HashMap<ConflictsOf, Self::Value>, Self::Error> {
        let rows = conflict_of_interest::Entity::find()
            .filter(
                conflict_of_interest::COLUMN
                    .volunteer_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(conflict_of_interest::Column::Id)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (ConflictsOf(row.volunteer_id), row)),
        ))
    }
}

impl Loader<DisclosuresOf> for Reader {
    type Value = Disclosures;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[DisclosuresOf],
    ) -> Result<HashMap<DisclosuresOf, Self::Value>, Self::Error> {
        let volunteers: Vec<VolunteerId> = keys.iter().map(|key| key.0).collect();
        let now = self.app.clock.now();
        let found = view::disclosures(&self.app.store.connection, &volunteers, now)
            .await
            .map_err(Arc::new)?;
        Ok(found
            .into_iter()
            .map(|(volunteer, disclosures)| (DisclosuresOf(volunteer), disclosures))
            .collect())
    }
}

impl Loader<Agrees> for Reader {
    type Value = bool;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[Agrees]) -> Result<HashMap<Agrees, bool>, Self::Error> {
        let mut answers = HashMap::with_capacity(keys.len());
        for purpose in ConsentPurpose::ALL {
            let accounts: Vec<AccountId> = keys
                .iter()
                .filter(|key| key.1 == *purpose)
                .map(|key| key.0)
                .collect();
            if accounts.is_empty() {
                continue;
            }
            let agreeing = consents::granted(&self.app.store.connection, &accounts, *purpose)
                .await
                .map_err(Arc::new)?;
            answers.extend(
                accounts
                    .into_iter()
                    .map(|account| (Agrees(account, *purpose), agreeing.contains(&account))),
            );
        }
        Ok(answers)
    }
}
