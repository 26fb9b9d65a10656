//! The second factor of accounts, and when a session showed it.

use sea_orm_migration::prelude::*;

use crate::alter;
use crate::schema::{OnDelete, Table, drop_tables};

/// Creates `second_factor` and `recovery_code`; adds `session.factor_at`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("second_factor")
            .reference("account_id", "account", OnDelete::Cascade)
            .primary_key(&["account_id"])
            .text("sealed_secret")
            .moment("created_at")
            .moment("confirmed_at")
            .or_null()
            .big_count("last_step", 0)
            .or_null()
            .check("confirmed", "(confirmed_at IS NULL) = (last_step IS NULL)")
            .create(manager)
            .await?;
        Table::new("recovery_code")
            .reference("account_id", "account", OnDelete::Cascade)
            .text("code_hash")
            .primary_key(&["account_id", "code_hash"])
            .moment("created_at")
            .moment("used_at")
            .or_null()
            .create(manager)
            .await?;
        alter::add_moment(manager, "session", "factor_at").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter::drop_column(manager, "session", "factor_at").await?;
        drop_tables(manager, &["recovery_code", "second_factor"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
