//! Organizations, who belongs to them, and what coordinators decided about them.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `organization`, `membership`, `vetting_record`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("organization")
            .id()
            .text("slug")
            .unique(&["slug"])
            .text("name")
            .text("name_folded")
            .choice(
                "kind",
                &[
                    "nonprofit",
                    "charity",
                    "community_group",
                    "public_body",
                    "cooperative",
                ],
            )
            .text("charity_number")
            .or_null()
            .unique(&["charity_number"])
            .text("website")
            .or_null()
            .text("city")
            .or_null()
            .text("province")
            .or_null()
            .choice("original_language", &["en", "fr"])
            .text("description_en")
            .or_null()
            .text("description_fr")
            .or_null()
            .check(
                "description",
                "description_en IS NOT NULL OR description_fr IS NOT NULL",
            )
            .choice(
                "state",
                &[
                    "draft",
                    "submitted",
                    "in_review",
                    "vetted",
                    "needs_info",
                    "rejected",
                    "flagged",
                    "expired",
                    "withdrawn",
                ],
            )
            .moment("submitted_at")
            .or_null()
            .moment("vetted_until")
            .or_null()
            .version()
            .timestamps()
            .index(&["state", "submitted_at"])
            .index(&["name_folded"])
            .create(manager)
            .await?;
        Table::new("membership")
            .id()
            .reference("organization_id", "organization", OnDelete::Cascade)
            .reference("account_id", "account", OnDelete::Cascade)
            .unique(&["organization_id", "account_id"])
            .choice("role", &["owner", "manager", "member"])
            .choice("state", &["requested", "active"])
            .timestamps()
            .index(&["account_id"])
            .create(manager)
            .await?;
        Table::new("vetting_record")
            .id()
            .reference("organization_id", "organization", OnDelete::Cascade)
            .choice(
                "decision",
                &[
                    "vetted",
                    "needs_info",
                    "rejected",
                    "flagged",
                    "expired",
                    "withdrawn",
                    "reinstated",
                ],
            )
            .text("evidence")
            .text("note")
            .or_null()
            .reference("decided_by", "account", OnDelete::Restrict)
            .moment("decided_at")
            .moment("expires_at")
            .or_null()
            .index(&["organization_id", "decided_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["vetting_record", "membership", "organization"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
