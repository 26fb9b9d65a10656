//! Sessions of browsers, which hold a cookie in the place of tokens.

use sea_orm_migration::prelude::*;

use crate::alter;

/// Adds `session.cookie_hash`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add_unique_text(manager, "session", "cookie_hash").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::drop_unique_column(manager, "session", "cookie_hash").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
