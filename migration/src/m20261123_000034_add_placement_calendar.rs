//! Calendars that have the meetings of a placement take a later version of them for what it is.

use sea_orm_migration::prelude::*;

use crate::alter;

/// Adds `placement.calendar_sequence`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "placement";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add_count(manager, TABLE, "calendar_sequence").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::drop_column(manager, TABLE, "calendar_sequence").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
