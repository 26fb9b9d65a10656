//! The register of confidentiality incidents.

use sea_orm_migration::prelude::*;

use crate::schema::{Table, drop_tables};

/// Creates `incident`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("incident")
            .id()
            .choice(
                "kind",
                &[
                    "unauthorized_access",
                    "unauthorized_use",
                    "unauthorized_disclosure",
                    "loss",
                    "other",
                ],
            )
            .text("description")
            .day("noticed_on")
            .count("people", 0)
            .or_null()
            .choice("risk", &["unassessed", "low", "serious"])
            .text("measures")
            .or_null()
            .day("commissioner_told_on")
            .or_null()
            .day("people_told_on")
            .or_null()
            .moment("closed_at")
            .or_null()
            .version()
            .timestamps()
            .check(
                "closed",
                "closed_at IS NULL OR (people IS NOT NULL AND measures IS NOT NULL)",
            )
            .index(&["created_at", "id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["incident"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
