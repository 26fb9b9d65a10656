//! When an account was last used, as far as the rows that tell it are gone, and what its owner was told since.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `account_activity`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("account_activity")
            .reference("account_id", "account", OnDelete::Cascade)
            .primary_key(&["account_id"])
            .moment("last_used_at")
            .or_null()
            .moment("first_notice_at")
            .or_null()
            .moment("last_notice_at")
            .or_null()
            .check(
                "notices",
                "last_notice_at IS NULL OR first_notice_at IS NOT NULL",
            )
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["account_activity"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
