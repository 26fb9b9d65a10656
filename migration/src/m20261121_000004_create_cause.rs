//! Causes: what projects work for and volunteers care about.

use sea_orm_migration::prelude::*;

use crate::schema::{Table, drop_tables};

/// Creates `cause`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("cause")
            .slug_id()
            .text("label_en")
            .text("label_fr")
            .text("folded_en")
            .text("folded_fr")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["cause"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
