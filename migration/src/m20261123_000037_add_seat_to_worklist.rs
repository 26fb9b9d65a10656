//! Roles with a seat that came free wait for a coordinator, too.

use sea_orm_migration::prelude::*;

use crate::alter;

/// Adds `seat` to the kinds of `worklist_note`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "worklist_note";
const BEFORE: &[&str] = &[
    "vetting",
    "review",
    "application",
    "suggestion",
    "offer",
    "placement",
    "mail",
];
const AFTER: &[&str] = &[
    "vetting",
    "review",
    "application",
    "suggestion",
    "offer",
    "seat",
    "placement",
    "mail",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::change_choice(manager, TABLE, "kind", BEFORE, AFTER).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let delete = Query::delete()
            .from_table(Alias::new(TABLE))
            .and_where(Expr::col(Alias::new("kind")).eq("seat"))
            .to_owned();
        manager.execute(delete).await?;
        alter::change_choice(manager, TABLE, "kind", AFTER, BEFORE).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
