//! Kinds of profession and the skills they suggest.

use sea_orm_migration::prelude::*;

use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `role_family`, `role_family_skill`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("role_family")
            .slug_id()
            .text("label_en")
            .text("label_fr")
            .create(manager)
            .await?;
        Table::new("role_family_skill")
            .concept("role_family_id", "role_family", OnDelete::Cascade)
            .concept("skill_id", "skill", OnDelete::Cascade)
            .primary_key(&["role_family_id", "skill_id"])
            .index(&["skill_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["role_family_skill", "role_family"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
