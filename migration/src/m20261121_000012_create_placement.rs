//! Placements: pairings that both sides accepted.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `placement`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("placement")
            .id()
            .reference("pairing_id", "pairing", OnDelete::Restrict)
            .unique(&["pairing_id"])
            .reference("role_id", "role", OnDelete::Restrict)
            .reference("volunteer_id", "volunteer", OnDelete::Restrict)
            .reference("organization_id", "organization", OnDelete::Restrict)
            .choice(
                "state",
                &[
                    "pending_start",
                    "active",
                    "paused",
                    "completed",
                    "ended",
                    "no_show",
                ],
            )
            .integer("hours_per_week", 1..=168)
            .open_period()
            .text("end_reason")
            .or_null()
            .version()
            .timestamps()
            .index(&["organization_id", "state"])
            .index(&["volunteer_id", "state"])
            .index(&["role_id", "state"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["placement"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
