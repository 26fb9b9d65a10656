//! Skills: concepts with a label in each language, other words for them, and how near they are to each other.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `skill_category`, `skill`, `skill_alias`, `skill_relation`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("skill_category")
            .slug_id()
            .text("label_en")
            .text("label_fr")
            .create(manager)
            .await?;
        Table::new("skill")
            .slug_id()
            .text("label_en")
            .text("label_fr")
            .text("folded_en")
            .text("folded_fr")
            .concept("category_id", "skill_category", OnDelete::Restrict)
            .flag("is_retired")
            .index(&["category_id"])
            .index(&["folded_en"])
            .index(&["folded_fr"])
            .create(manager)
            .await?;
        Table::new("skill_alias")
            .id()
            .concept("skill_id", "skill", OnDelete::Cascade)
            .choice("language", &["en", "fr"])
            .text("label")
            .text("folded")
            .unique(&["skill_id", "language", "folded"])
            .index(&["folded"])
            .create(manager)
            .await?;
        Table::new("skill_relation")
            .concept("skill_a", "skill", OnDelete::Cascade)
            .concept("skill_b", "skill", OnDelete::Cascade)
            .primary_key(&["skill_a", "skill_b"])
            .check("order", "skill_a < skill_b")
            .basis_points("weight_bp")
            .index(&["skill_b"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["skill_relation", "skill_alias", "skill", "skill_category"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
