//! The keys by which a mutation that is sent twice is done once.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `idempotency_key`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("idempotency_key")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .text("key_hash")
            .unique(&["account_id", "key_hash"])
            .text("request_hash")
            .moment("created_at")
            .moment("claimed_at")
            .flag("has_acted")
            .text("answer")
            .or_null()
            .index(&["created_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["idempotency_key"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
