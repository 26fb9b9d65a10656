//! Projects and the causes they work for.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

const ORIGINAL_TITLE_IS_PRESENT: &str =
    "CASE original_language WHEN 'en' THEN title_en ELSE title_fr END IS NOT NULL";

/// Creates `project`, `project_cause`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("project")
            .id()
            .reference("organization_id", "organization", OnDelete::Restrict)
            .text("slug")
            .unique(&["slug"])
            .choice("original_language", &["en", "fr"])
            .text("title_en")
            .or_null()
            .text("title_fr")
            .or_null()
            .text("summary_en")
            .or_null()
            .text("summary_fr")
            .or_null()
            .text("problem_en")
            .or_null()
            .text("problem_fr")
            .or_null()
            .text("outcome_en")
            .or_null()
            .text("outcome_fr")
            .or_null()
            .check("title", ORIGINAL_TITLE_IS_PRESENT)
            .choice("stage", &["idea", "prototype", "live", "maintenance"])
            .choice("engagement", &["project", "ongoing", "event"])
            .choice(
                "state",
                &[
                    "draft",
                    "submitted",
                    "returned",
                    "published",
                    "paused",
                    "in_progress",
                    "completed",
                    "cancelled",
                    "archived",
                ],
            )
            .flag("is_accepting")
            .open_period()
            .choice("location_mode", &["remote", "hybrid", "onsite"])
            .place()
            .text("zone")
            .text("code_url")
            .or_null()
            .text("website")
            .or_null()
            .text("review_comment")
            .or_null()
            .moment("published_at")
            .or_null()
            .text("search_text")
            .text("title_folded_en")
            .text("title_folded_fr")
            .version()
            .timestamps()
            .index(&["organization_id", "state"])
            .index(&["state", "published_at"])
            .create(manager)
            .await?;
        Table::new("project_cause")
            .reference("project_id", "project", OnDelete::Cascade)
            .concept("cause_id", "cause", OnDelete::Restrict)
            .primary_key(&["project_id", "cause_id"])
            .index(&["cause_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["project_cause", "project"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
