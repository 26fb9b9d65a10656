//! What became of a mail after the relay took it: it came back, or its reader called it spam.

use sea_orm_migration::prelude::*;

use crate::{alter, index};

/// Adds `mail_message.bounced_at`, `bounce_status` and `complained_at`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "mail_message";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add_moment(manager, TABLE, "bounced_at").await?;
        alter::add_text(manager, TABLE, "bounce_status").await?;
        alter::add_moment(manager, TABLE, "complained_at").await?;
        index::create_where(manager, TABLE, &["created_at", "id"], TROUBLE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::drop(manager, TABLE, &["created_at", "id"]).await?;
        alter::drop_column(manager, TABLE, "complained_at").await?;
        alter::drop_column(manager, TABLE, "bounce_status").await?;
        alter::drop_column(manager, TABLE, "bounced_at").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Mails that somebody should look at.
const TROUBLE: &str = "state = 'failed' OR bounced_at IS NOT NULL OR complained_at IS NOT NULL";
