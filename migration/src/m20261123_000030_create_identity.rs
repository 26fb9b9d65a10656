//! Identities at an identity provider that lead to accounts, and log-ins that wait for the provider's answer. They are here
//! whether or not the server was built to offer them, so that databases are the same.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `identity` and `pending_log_in`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("identity")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .text("issuer")
            .text("subject")
            .unique(&["issuer", "subject"])
            .unique(&["account_id", "issuer"])
            .moment("linked_at")
            .create(manager)
            .await?;
        Table::new("pending_log_in")
            .text("state_hash")
            .primary_key(&["state_hash"])
            .text("browser_hash")
            .text("nonce_hash")
            .text("sealed_verifier")
            .choice("purpose", &["log_in", "link"])
            .reference("account_id", "account", OnDelete::Cascade)
            .or_null()
            .reference("session_id", "session", OnDelete::Cascade)
            .or_null()
            .moment("expires_at")
            .check(
                "whose",
                "(account_id IS NULL) = (session_id IS NULL) AND (purpose = 'log_in' OR account_id IS NOT NULL)",
            )
            .index(&["expires_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["pending_log_in", "identity"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
