//! Mails by id, and what addresses do not get.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::MailMessageId;
use entity::personal::Personal;
use entity::{mail_message, suppression};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{Reader, group, store};
use crate::domain::privacy::sealed_address;
use crate::error::DomainError;

impl Loader<MailMessageId> for Reader {
    type Value = mail_message::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[MailMessageId],
    ) -> Result<HashMap<MailMessageId, Self::Value>, Self::Error> {
        let rows = mail_message::Entity::find()
            .filter(mail_message::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// The suppressions of a normalized address, also those of an account with it that was erased.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SuppressionsOf(pub Personal);

impl Loader<SuppressionsOf> for Reader {
    type Value = Vec<suppression::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[SuppressionsOf],
    ) -> Result<HashMap<SuppressionsOf, Self::Value>, Self::Error> {
        let secret = &self.app.config.credentials.link_secret;
        let mut owners = HashMap::new();
        for key in keys {
            for name in sealed_address::names_of(secret, &key.0)? {
                owners.insert(name, key.clone());
            }
        }
        let rows = suppression::Entity::find()
            .filter(
                suppression::COLUMN
                    .email_normalized
                    .is_in(owners.keys().cloned()),
            )
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        let keyed = rows
            .into_iter()
            .filter_map(|row| Some((owners.get(&row.email_normalized)?.clone(), row)));
        Ok(group(keyed))
    }
}
