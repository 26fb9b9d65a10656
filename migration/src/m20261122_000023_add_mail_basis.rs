//! What allowed each mail: a consent, which is named, or what connects its reader with it. Older mails tell none.

use sea_orm_migration::prelude::*;

use crate::{alter, index};

/// Adds `mail_message.basis` and `mail_message.consent_id`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "mail_message";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bases = ["account", "consent", "pairing", "membership", "staff"];
        alter::add_choice(manager, TABLE, "basis", &bases).await?;
        alter::add_reference(manager, TABLE, "consent_id", "consent").await?;
        index::create(manager, TABLE, &["consent_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::drop(manager, TABLE, &["consent_id"]).await?;
        alter::drop_column(manager, TABLE, "consent_id").await?;
        alter::drop_column(manager, TABLE, "basis").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
