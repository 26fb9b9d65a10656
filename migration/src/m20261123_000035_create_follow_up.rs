//! What becomes of silence: what people are reminded of, and how placements go.

use sea_orm_migration::prelude::*;

use crate::alter;
use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `follow_up` and `check_in`, and adds `project.listing_confirmed_at`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::add_moment(manager, "project", "listing_confirmed_at").await?;
        Table::new("check_in")
            .id()
            .reference("placement_id", "placement", OnDelete::Restrict)
            .reference("volunteer_id", "volunteer", OnDelete::Restrict)
            .moment("asked_at")
            .unique(&["placement_id", "asked_at"])
            .moment("due_at")
            .moment("answered_at")
            .or_null()
            .choice("answer", &["going_well", "needs_help", "leaving"])
            .or_null()
            .text("note")
            .or_null()
            .check("answered", "(answered_at IS NULL) = (answer IS NULL)")
            .index(&["volunteer_id"])
            .create(manager)
            .await?;
        Table::new("follow_up")
            .id()
            .reference("account_id", "account", OnDelete::Cascade)
            .choice(
                "kind",
                &[
                    "organization_draft",
                    "project_draft",
                    "listing_check",
                    "listing_hidden",
                    "vetting_ends",
                    "commitment_ends",
                    "check_in",
                    "still_there",
                ],
            )
            .uuid("subject_id")
            .moment("occasion")
            .unique(&["account_id", "kind", "subject_id", "occasion"])
            .moment("noted_at")
            .moment("told_at")
            .or_null()
            .index(&["told_at", "account_id"])
            .index(&["kind", "subject_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["follow_up", "check_in"]).await?;
        alter::drop_column(manager, "project", "listing_confirmed_at").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
