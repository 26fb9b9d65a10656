//! Roles and what they ask for: skills, windows, languages.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `role`, `role_skill`, `role_window`, `role_language`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("role")
            .id()
            .reference("project_id", "project", OnDelete::Restrict)
            .reference("organization_id", "organization", OnDelete::Restrict)
            .text("title_en")
            .or_null()
            .text("title_fr")
            .or_null()
            .check("title", "title_en IS NOT NULL OR title_fr IS NOT NULL")
            .text("description_en")
            .or_null()
            .text("description_fr")
            .or_null()
            .concept("role_family_id", "role_family", OnDelete::Restrict)
            .or_null()
            .choice("state", &["draft", "open", "filled", "closed"])
            .integer("seats", 1..=100)
            .count("filled", 0)
            .check("filled_within_seats", "filled <= seats")
            .integer("hours_per_week", 1..=168)
            .open_period()
            .choice("location_mode", &["remote", "hybrid", "onsite"])
            .place()
            .text("zone")
            .integer("minimum_overlap_minutes", 0..=10_080)
            .flag("is_learning_seat")
            .version()
            .timestamps()
            .index(&["project_id"])
            .index(&["organization_id", "state"])
            .index(&["state"])
            .create(manager)
            .await?;
        Table::new("role_skill")
            .id()
            .reference("role_id", "role", OnDelete::Cascade)
            .concept("skill_id", "skill", OnDelete::Restrict)
            .unique(&["role_id", "skill_id"])
            .choice("kind", &["must_have", "nice_to_have"])
            .small("level", 1..=5)
            .small("weight", 1..=100)
            .index(&["skill_id"])
            .create(manager)
            .await?;
        Table::new("role_window")
            .id()
            .reference("role_id", "role", OnDelete::Cascade)
            .weekly_window()
            .index(&["role_id"])
            .create(manager)
            .await?;
        Table::new("role_language")
            .reference("role_id", "role", OnDelete::Cascade)
            .language_code("language")
            .primary_key(&["role_id", "language"])
            .choice("kind", &["required", "preferred"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["role_language", "role_window", "role_skill", "role"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
