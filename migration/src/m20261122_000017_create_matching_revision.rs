//! The revision of what the matcher reads.

use sea_orm_migration::prelude::*;

use crate::schema::{Table, drop_tables};

/// Creates `matching_revision` with its one row.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("matching_revision")
            .small("id", 1..=1)
            .primary_key(&["id"])
            .big_count("revision", 0)
            .create(manager)
            .await?;
        manager
            .get_connection()
            .execute_unprepared("INSERT INTO matching_revision (id, revision) VALUES (1, 0)")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["matching_revision"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
