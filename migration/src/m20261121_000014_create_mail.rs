//! Mails, from being decided to what became of them, and the addresses that get none.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `mail_message`, `suppression`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("mail_message")
            .id()
            .text("kind")
            .choice("topic", &["account", "offers", "digest", "newsletter"])
            .reference("account_id", "account", OnDelete::Restrict)
            .or_null()
            .reference("pairing_id", "pairing", OnDelete::Restrict)
            .or_null()
            .text("to_address")
            .choice("language", &["en", "fr"])
            .or_null()
            .text("subject")
            .text("raw")
            .text("message_id")
            .unique(&["message_id"])
            .choice(
                "state",
                &["queued", "sent", "suppressed", "dropped", "failed"],
            )
            .count("attempts", 0)
            .text("error")
            .or_null()
            .moment("created_at")
            .moment("sent_at")
            .or_null()
            .index(&["state", "created_at"])
            .index(&["account_id"])
            .index(&["pairing_id"])
            .create(manager)
            .await?;
        Table::new("suppression")
            .id()
            .text("email_normalized")
            .choice("topic", &["all", "offers", "digest", "newsletter"])
            .unique(&["email_normalized", "topic"])
            .choice("reason", &["unsubscribed", "bounced", "complained"])
            .moment("created_at")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["suppression", "mail_message"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
