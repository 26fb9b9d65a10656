//! What accounts agreed to or took back.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `consent`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("consent")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .choice("purpose", &["matching", "newsletter", "sharing"])
            .flag("is_granted")
            .text("wording_version")
            .choice("language", &["en", "fr"])
            .choice("channel", &["web", "mail", "api"])
            .moment("given_at")
            .index(&["account_id", "purpose", "given_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["consent"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
