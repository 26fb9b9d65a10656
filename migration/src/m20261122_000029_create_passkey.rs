//! Passkeys of accounts, and the challenges that wait for one to sign them. They are here whether or not the server was
//! built to offer them, so that databases are the same.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `passkey` and `passkey_challenge`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("passkey")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .text("name")
            .text("credential_id")
            .unique(&["credential_id"])
            .text("public_key")
            .big_count("signature_count", 0)
            .moment("created_at")
            .moment("last_used_at")
            .or_null()
            .index(&["account_id"])
            .create(manager)
            .await?;
        Table::new("passkey_challenge")
            .text("challenge_hash")
            .primary_key(&["challenge_hash"])
            .reference("account_id", "account", OnDelete::Cascade)
            .or_null()
            .moment("expires_at")
            .index(&["expires_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["passkey_challenge", "passkey"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
