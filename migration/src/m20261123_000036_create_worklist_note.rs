//! Who sees to what on the coordinators' worklist, and what is seen to.

use sea_orm_migration::prelude::*;

use crate::index;
use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `worklist_note`, and indexes for what waits.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("worklist_note")
            .id()
            .choice(
                "kind",
                &[
                    "vetting",
                    "review",
                    "application",
                    "suggestion",
                    "offer",
                    "placement",
                    "mail",
                ],
            )
            .uuid("subject_id")
            .unique(&["kind", "subject_id"])
            .reference("assignee_id", "account", OnDelete::Restrict)
            .or_null()
            .moment("settled_at")
            .or_null()
            .moment("updated_at")
            .index(&["assignee_id"])
            .create(manager)
            .await?;
        index::create_where(manager, "pairing", &["state", "created_at", "id"], WAITING).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::drop(manager, "pairing", &["state", "created_at", "id"]).await?;
        drop_tables(manager, &["worklist_note"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Pairings that a coordinator decides over, or whose organization has not answered.
const WAITING: &str = "state IN ('suggested', 'interested', 'offered', 'volunteer_accepted')";
