//! Kinds of jobs that wait because what they all need, such as the mail relay, does not work.

use sea_orm_migration::prelude::*;

use crate::schema::{Table, drop_tables};

/// Creates `job_pause`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("job_pause")
            .text("kind")
            .primary_key(&["kind"])
            .count("faults", 1)
            .count("pauses", 0)
            .moment("paused_until")
            .or_null()
            .text("reason")
            .moment("since")
            .check("paused_until", "(pauses = 0) = (paused_until IS NULL)")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["job_pause"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
