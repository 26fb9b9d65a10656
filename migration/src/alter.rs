//! Columns that join tables which are there, the same on SQLite and PostgreSQL. Rows are there already, so that a new column
//! may be empty.
//!
//! Applied migrations call these functions: what a function writes must never change.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::schema::quote;

/// Adds a moment in UTC.
pub(crate) async fn add_moment(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    let kind = if manager.get_database_backend() == DbBackend::Sqlite {
        "TEXT"
    } else {
        "timestamptz"
    };
    add(manager, table, column, kind).await
}

/// Takes a column away.
pub(crate) async fn drop_column(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    let (table, column) = (quote(table), quote(column));
    execute(
        manager,
        &format!("ALTER TABLE {table} DROP COLUMN {column}"),
    )
    .await
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    kind: &str,
) -> Result<(), DbErr> {
    let (table, column) = (quote(table), quote(column));
    execute(
        manager,
        &format!("ALTER TABLE {table} ADD COLUMN {column} {kind}"),
    )
    .await
}

async fn execute(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    connection.execute_unprepared(statement).await.map(|_| ())
}
