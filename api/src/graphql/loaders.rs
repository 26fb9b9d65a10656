//! Batched reads, built for each request since what is visible depends on the actor. One key type for each access path.
//!
//! async-graphql waits 1 ms for a batch by default; ours waits for the next turn of the executor only.

pub mod mail;
pub mod organization;
pub mod pairing;
pub mod project;
pub mod role;
pub mod taxonomy;
pub mod volunteer;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, Loader};
use entity::account;
use entity::id::AccountId;
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _};

use crate::app::App;
use crate::context::Context;
use crate::error::DomainError;

/// The loader of one request.
pub type Loaders = DataLoader<Reader>;

/// Reads rows by keys.
pub struct Reader {
    app: Arc<App>,
    /// For what depends on who asks.
    request: Context,
}

/// Loaders for one request.
pub fn loaders(request: Context) -> Loaders {
    let app = request.app.clone();
    DataLoader::new(Reader { app, request }, tokio::spawn).delay(Duration::ZERO)
}

impl Loader<AccountId> for Reader {
    type Value = account::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[AccountId],
    ) -> Result<HashMap<AccountId, Self::Value>, Self::Error> {
        let rows = account::Entity::find()
            .filter(account::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// A database's failure as the loaders' error.
fn store(error: DbErr) -> Arc<DomainError> {
    Arc::new(error.into())
}

/// Values by key, in the order in which they come.
fn group<K: Eq + Hash, V>(pairs: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}
