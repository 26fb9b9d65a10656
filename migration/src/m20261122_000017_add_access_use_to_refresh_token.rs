//! Remembers whether the access token issued beside a refresh token was ever shown, which tells a lost answer from a
//! stolen token.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds `refresh_token.access_used_at`.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let moment = match manager.get_database_backend() {
            DbBackend::Sqlite => "TEXT",
            _ => "timestamptz",
        };
        let statement = format!("ALTER TABLE refresh_token ADD COLUMN access_used_at {moment}");
        let connection = manager.get_connection();
        connection.execute_unprepared(&statement).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("ALTER TABLE refresh_token DROP COLUMN access_used_at")
            .await
            .map(drop)
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
