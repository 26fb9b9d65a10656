//! Columns that join tables which are there, the same on SQLite and PostgreSQL. Rows are there already, so that a new column
//! may be empty; checks and references stand at the column, where both databases accept them, each on a line of its own as
//! in new tables.
//!
//! Applied migrations call these functions: what a function writes must never change.

use sea_orm_migration::prelude::*;

use crate::schema::{Kind, list, quote};

/// Adds a moment in UTC.
pub(crate) async fn add_moment(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, Kind::Moment, "").await
}

/// Adds a text.
pub(crate) async fn add_text(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, Kind::Text, "").await
}

/// Adds one of a few texts.
pub(crate) async fn add_choice(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    texts: &[&str],
) -> Result<(), DbErr> {
    let rule = quote(&format!("ck_{table}_{column}"));
    let condition = format!("{} IN ({})", quote(column), list(texts));
    let constraint = format!("\n  CONSTRAINT {rule} CHECK ({condition})");
    add(manager, table, column, Kind::Text, &constraint).await
}

/// Adds a reference to a row of another table, by UUID. The other row cannot be deleted.
pub(crate) async fn add_reference(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    target: &str,
) -> Result<(), DbErr> {
    let rule = quote(&format!("fk_{table}_{column}"));
    let target = quote(target);
    let constraint =
        format!("\n  CONSTRAINT {rule} REFERENCES {target} (\"id\") ON DELETE RESTRICT");
    add(manager, table, column, Kind::Uuid, &constraint).await
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
    add(manager, table, column, Kind::Text, "").await?;
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
    kind: Kind,
    constraint: &str,
) -> Result<(), DbErr> {
    let kind = kind.sql(manager.get_database_backend());
    let (table, column) = (quote(table), quote(column));
    execute(
        manager,
        &format!("ALTER TABLE {table} ADD COLUMN {column} {kind}{constraint}"),
    )
    .await
}

async fn execute(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    connection.execute_unprepared(statement).await.map(|_| ())
}
