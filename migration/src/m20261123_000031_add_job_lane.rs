//! Jobs that share something slow, such as a mail server, are in a lane, of which only a few run at once. Claiming reads jobs
//! in the order in which they are taken: with ten thousand waiting, the first is found without sorting them.

use sea_orm_migration::prelude::*;

use crate::{alter, index};

/// Adds `job.lane`, and indexes for claiming in the place of the one on states.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "job";
const BY_STATE: &[&str] = &["state", "run_at", "priority"];
const IN_ORDER: &[&str] = &["priority", "run_at", "id"];
const LEASED: &[&str] = &["leased_until", "lane"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add_text(manager, TABLE, "lane").await?;
        index::drop(manager, TABLE, BY_STATE).await?;
        index::create_where(manager, TABLE, IN_ORDER, "state = 'ready'").await?;
        index::create_where(manager, TABLE, LEASED, "state = 'running'").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::drop(manager, TABLE, LEASED).await?;
        index::drop(manager, TABLE, IN_ORDER).await?;
        index::create(manager, TABLE, BY_STATE).await?;
        alter::drop_column(manager, TABLE, "lane").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
