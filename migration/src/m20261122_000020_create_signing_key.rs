//! The keys behind access tokens, shared by all servers.

use sea_orm_migration::prelude::*;

use crate::schema::{Table, drop_tables};

/// Creates `signing_key`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("signing_key")
            .text("kid")
            .primary_key(&["kid"])
            .text("public_key")
            .text("sealed_private_key")
            .or_null()
            .choice("state", &["next", "current", "previous"])
            .unique(&["state"])
            .check(
                "private_key",
                "(state = 'previous') = (sealed_private_key IS NULL)",
            )
            .moment("changed_at")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["signing_key"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
