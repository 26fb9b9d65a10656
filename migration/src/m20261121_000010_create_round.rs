//! Rounds of the matcher and what they proposed.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `round`, `round_pairing`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("round")
            .id()
            .reference("started_by", "account", OnDelete::Restrict)
            .choice("state", &["dry_run", "applied", "discarded"])
            .json("scope")
            .json("weights")
            .text("weights_version")
            .text("engine_version")
            .text("inputs_digest")
            .moment("as_of")
            .json("report")
            .moment("started_at")
            .moment("finished_at")
            .moment("applied_at")
            .or_null()
            .reference("applied_by", "account", OnDelete::Restrict)
            .or_null()
            .version()
            .index(&["state", "started_at"])
            .create(manager)
            .await?;
        Table::new("round_pairing")
            .reference("round_id", "round", OnDelete::Cascade)
            .reference("role_id", "role", OnDelete::Cascade)
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .primary_key(&["round_id", "role_id", "volunteer_id"])
            .basis_points("score_bp")
            .basis_points("confidence_bp")
            .json("factors")
            .count("rank", 1)
            .index(&["role_id"])
            .index(&["volunteer_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["round_pairing", "round"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
