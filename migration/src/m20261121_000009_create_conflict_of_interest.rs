//! Ties between volunteers and organizations that forbid pairing them.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `conflict_of_interest`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("conflict_of_interest")
            .id()
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .reference("organization_id", "organization", OnDelete::Cascade)
            .unique(&["volunteer_id", "organization_id"])
            .choice("kind", &["employer", "board", "family", "other"])
            .text("note")
            .or_null()
            .index(&["organization_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["conflict_of_interest"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
