//! Pairings are read by the time they began, newest first, to learn from what became of them.

use sea_orm_migration::prelude::*;

use crate::index;

const COLUMNS: &[&str] = &["created_at", "id"];

/// Creates an index of `pairing` by time and id.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::create(manager, "pairing", COLUMNS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::drop(manager, "pairing", COLUMNS).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
