//! The proofs of rounds, apart from their reports.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `round_proof`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("round_proof")
            .reference("round_id", "round", OnDelete::Cascade)
            .primary_key(&["round_id"])
            .text("proof")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["round_proof"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
