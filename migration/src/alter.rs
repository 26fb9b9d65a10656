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

/// Adds a text that no two rows have alike; rows without one do not count.
pub(crate) async fn add_unique_text(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, "TEXT").await?;
    let name = unique_name(table, column);
    let (table, column) = (quote(table), quote(column));
    let statement = format!("CREATE UNIQUE INDEX {name} ON {table} ({column})");
    execute(manager, &statement).await
}

/// Takes away what [`add_unique_text`] added.
pub(crate) async fn drop_unique_column(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    let name = unique_name(table, column);
    execute(manager, &format!("DROP INDEX {name}")).await?;
    drop_column(manager, table, column).await
}

fn unique_name(table: &str, column: &str) -> String {
    quote(&format!("uq_{table}_{column}"))
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
