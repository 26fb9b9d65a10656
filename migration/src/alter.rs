//! What changes in tables which are there, the same on SQLite and PostgreSQL. Rows are there already, so that a new column
//! may be empty; checks and references stand at the column, where both databases accept them, each on a line of its own as
//! in new tables.
//!
//! Applied migrations call these functions: what a function writes must never change.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

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

/// Adds a number that counts from 0, which it is in the rows that are there.
pub(crate) async fn add_count(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    let rule = quote(&format!("ck_{table}_{column}"));
    let condition = format!("{} >= 0", quote(column));
    let constraint = format!(" NOT NULL DEFAULT 0\n  CONSTRAINT {rule} CHECK ({condition})");
    add(manager, table, column, Kind::Integer, &constraint).await
}

/// Adds one of a few texts.
pub(crate) async fn add_choice(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    texts: &[&str],
) -> Result<(), DbErr> {
    let constraint = format!("\n  {}", choice(table, column, texts));
    add(manager, table, column, Kind::Text, &constraint).await
}

/// Adds a text that is there in exactly those rows that meet a condition.
pub(crate) async fn add_text_where(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    condition: &str,
) -> Result<(), DbErr> {
    let condition = format!("({condition}) = ({} IS NOT NULL)", quote(column));
    let constraint = format!("\n  {}", check(table, column, &condition));
    add(manager, table, column, Kind::Text, &constraint).await
}

/// Puts other texts into the list of a column that was made as one of a few. Every row must have one of the new ones.
pub(crate) async fn change_choice(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    before: &[&str],
    after: &[&str],
) -> Result<(), DbErr> {
    let [before, after] = [before, after].map(|texts| choice(table, column, texts));
    if manager.get_database_backend() == DbBackend::Sqlite {
        return rewrite_constraint(manager, table, &before, &after).await;
    }
    let rule = quote(&format!("ck_{table}_{column}"));
    let table = quote(table);
    let statement = format!("ALTER TABLE {table} DROP CONSTRAINT {rule}, ADD {after}");
    execute(manager, &statement).await
}

/// SQLite has no statement for this. A new table in the place of the old one would take the rows of others with it, which
/// hang on its own by ON DELETE CASCADE; so this is its documented other way: the text that the table was made by is
/// changed, since nothing of how rows are stored follows from a condition.
async fn rewrite_constraint(
    manager: &SchemaManager<'_>,
    table: &str,
    before: &str,
    after: &str,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let version = Statement::from_string(DbBackend::Sqlite, "PRAGMA schema_version");
    let version = connection.query_one_raw(version).await?;
    let version: i32 = version
        .ok_or_else(|| DbErr::Migration("SQLite tells no version of its schema".to_owned()))?
        .try_get_by_index(0)?;
    execute(manager, "PRAGMA writable_schema = ON").await?;
    let update = "UPDATE sqlite_schema SET sql = replace(sql, ?1, ?2) WHERE type = 'table' AND name = ?3 AND instr(sql, ?1) > 0";
    let values = [before.into(), after.into(), table.into()];
    let update = Statement::from_sql_and_values(DbBackend::Sqlite, update, values);
    let changed = connection.execute_raw(update).await;
    // Every connection reads the schema anew, this one too.
    execute(manager, &format!("PRAGMA schema_version = {}", version + 1)).await?;
    execute(manager, "PRAGMA writable_schema = RESET").await?;
    if changed?.rows_affected() == 1 {
        return Ok(());
    }
    Err(DbErr::Migration(format!("{table} has no {before}")))
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

/// The condition that a column has one of a few texts, as new tables have it too.
fn choice(table: &str, column: &str, texts: &[&str]) -> String {
    let condition = format!("{} IN ({})", quote(column), list(texts));
    check(table, column, &condition)
}

fn check(table: &str, column: &str, condition: &str) -> String {
    let rule = quote(&format!("ck_{table}_{column}"));
    format!("CONSTRAINT {rule} CHECK ({condition})")
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
