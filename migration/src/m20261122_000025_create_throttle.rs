//! The counters of throttles, shared by every node.

use sea_orm_migration::prelude::*;

use crate::schema::{Table, drop_tables};

/// Creates `throttle`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("throttle")
            .text("operation")
            .text("key_hash")
            .primary_key(&["operation", "key_hash"])
            .big_count("theoretical_arrival_micros", 0)
            .index(&["theoretical_arrival_micros"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["throttle"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
