//! Who looked at whose personal data, by day.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `personal_read`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("personal_read")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .reference("viewer_account_id", "account", OnDelete::Cascade)
            .choice(
                "viewer_role",
                &["coordinator", "admin", "organization", "volunteer"],
            )
            .reference("organization_id", "organization", OnDelete::Cascade)
            .or_null()
            .check(
                "organization",
                "(viewer_role = 'organization') = (organization_id IS NOT NULL)",
            )
            .choice(
                "field_group",
                &["identity", "contact", "profile", "notes", "search"],
            )
            .day("day")
            .count("times", 1)
            .unique(&["account_id", "viewer_account_id", "field_group", "day"])
            .index(&["account_id", "day"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["personal_read"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
