//! Work to be done after the transaction that asked for it.

use sea_orm_migration::prelude::*;

use crate::schema::{Table, drop_tables};

/// Creates `job`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("job")
            .id()
            .text("kind")
            .json("payload")
            .choice("state", &["ready", "running", "done", "dead"])
            .small("priority", 0..=9)
            .moment("run_at")
            .count("attempts", 0)
            .count("max_attempts", 1)
            .uuid("lease_token")
            .or_null()
            .moment("leased_until")
            .or_null()
            .text("last_error")
            .or_null()
            .text("unique_key")
            .or_null()
            .moment("created_at")
            .moment("finished_at")
            .or_null()
            .check("lease", "(lease_token IS NULL) = (leased_until IS NULL)")
            .unique_where(
                "unfinished",
                &["unique_key"],
                "state IN ('ready', 'running')",
            )
            .index(&["state", "run_at", "priority"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["job"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
