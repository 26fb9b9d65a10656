//! The audit log.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `audit_event`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("audit_event")
            .id()
            .big_count("sequence", 1)
            .unique(&["sequence"])
            .moment("at")
            .reference("actor_account_id", "account", OnDelete::Restrict)
            .or_null()
            .choice("actor_kind", &["system", "anonymous", "account", "staff"])
            .text("action")
            .text("subject_kind")
            .text("subject_id")
            .or_null()
            .text("request_id")
            .or_null()
            .json("detail")
            .text("previous_hash")
            .text("hash")
            .index(&["subject_kind", "subject_id"])
            .index(&["at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_event"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
