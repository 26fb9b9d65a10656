//! Volunteers: what they can do, when they are free, what they speak and care about.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `volunteer`, `volunteer_skill`, `volunteer_window`, `time_off`, `volunteer_language`, `volunteer_cause`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("volunteer")
            .id()
            .reference("account_id", "account", OnDelete::Restrict)
            .unique(&["account_id"])
            .concept("role_family_id", "role_family", OnDelete::Restrict)
            .or_null()
            .text("about")
            .or_null()
            .choice("about_language", &["en", "fr"])
            .or_null()
            .choice("state", &["active", "busy", "paused", "left"])
            .day("paused_until")
            .or_null()
            .integer("hours_per_week", 1..=168)
            .or_null()
            .flag("accepts_remote")
            .or_null()
            .place()
            .integer("radius_km", 0..=20_000)
            .or_null()
            .text("zone")
            .or_null()
            .integer("max_placements", 1..=10)
            .moment("last_active_at")
            .version()
            .timestamps()
            .index(&["state", "last_active_at"])
            .create(manager)
            .await?;
        Table::new("volunteer_skill")
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .concept("skill_id", "skill", OnDelete::Restrict)
            .primary_key(&["volunteer_id", "skill_id"])
            .small("level", 1..=5)
            .or_null()
            .small("years", 0..=60)
            .or_null()
            .flag("wants_to_learn")
            .check("purpose", "level IS NOT NULL OR wants_to_learn")
            .index(&["skill_id"])
            .create(manager)
            .await?;
        Table::new("volunteer_window")
            .id()
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .weekly_window()
            .index(&["volunteer_id"])
            .create(manager)
            .await?;
        Table::new("time_off")
            .id()
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .period()
            .index(&["volunteer_id"])
            .create(manager)
            .await?;
        Table::new("volunteer_language")
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .language_code("language")
            .primary_key(&["volunteer_id", "language"])
            .create(manager)
            .await?;
        Table::new("volunteer_cause")
            .reference("volunteer_id", "volunteer", OnDelete::Cascade)
            .concept("cause_id", "cause", OnDelete::Restrict)
            .primary_key(&["volunteer_id", "cause_id"])
            .index(&["cause_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "volunteer_cause",
                "volunteer_language",
                "time_off",
                "volunteer_window",
                "volunteer_skill",
                "volunteer",
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
