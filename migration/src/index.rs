//! Indexes: their names (`ix_<table>_<columns>`) and statements, the same on SQLite and PostgreSQL.
//!
//! Applied migrations call these functions: what a function writes must never change.

use sea_orm_migration::prelude::*;

use crate::schema::{quote, quoted};

/// Adds an index to a table that is there.
pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    let statement = statement(table, columns);
    let connection = manager.get_connection();
    connection.execute_unprepared(&statement).await.map(|_| ())
}

/// Adds an index of the rows that meet `condition` to a table that is there.
pub(crate) async fn create_where(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
    condition: &str,
) -> Result<(), DbErr> {
    let statement = format!("{} WHERE {condition}", statement(table, columns));
    let connection = manager.get_connection();
    connection.execute_unprepared(&statement).await.map(|_| ())
}

/// Takes away what [`create`] or [`create_where`] added.
pub(crate) async fn drop(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    let statement = format!("DROP INDEX {}", quote(&name(table, columns)));
    let connection = manager.get_connection();
    connection.execute_unprepared(&statement).await.map(|_| ())
}

pub(crate) fn statement(table: &str, columns: &[&str]) -> String {
    format!(
        "CREATE INDEX {} ON {} ({})",
        quote(&name(table, columns)),
        quote(table),
        quoted(columns)
    )
}

fn name(table: &str, columns: &[&str]) -> String {
    format!("ix_{table}_{}", columns.join("_"))
}
