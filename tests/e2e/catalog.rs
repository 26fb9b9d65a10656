//! Reads what a database says about its own schema, in one shape for both databases.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

/// A column as the database describes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) kind: String,
    pub(crate) is_nullable: bool,
}

/// The tables that migrations made.
pub(crate) async fn tables(connection: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'seaql_migrations'"
        }
        _ => {
            "SELECT table_name::text FROM information_schema.tables
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
        }
    };
    rows(connection, sql)
        .await
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

/// The columns of a table by name.
pub(crate) async fn columns(
    connection: &DatabaseConnection,
    table: &str,
) -> BTreeMap<String, Column> {
    let sql = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            format!("SELECT name, type, \"notnull\" = 0 FROM pragma_table_info('{table}')")
        }
        _ => format!(
            "SELECT column_name::text, data_type::text, is_nullable = 'YES'
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
    };
    rows(connection, &sql)
        .await
        .iter()
        .map(|row| {
            let kind = row.try_get_by_index(1).unwrap();
            let is_nullable = row.try_get_by_index(2).unwrap();
            (
                row.try_get_by_index(0).unwrap(),
                Column { kind, is_nullable },
            )
        })
        .collect()
}

/// Which table refers to which.
pub(crate) async fn references(connection: &DatabaseConnection) -> BTreeSet<(String, String)> {
    let sql = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT t.name, f.\"table\" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"
        }
        _ => {
            "SELECT t.relname::text, r.relname::text FROM pg_constraint k
             JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f'"
        }
    };
    let pair = |row: &QueryResult| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        )
    };
    rows(connection, sql).await.iter().map(pair).collect()
}

/// The constraints of all tables by name, with the text literals in their conditions, in order.
pub(crate) async fn constraints(connection: &DatabaseConnection) -> BTreeMap<String, Vec<String>> {
    let mut constraints = BTreeMap::new();
    if connection.get_database_backend() == DbBackend::Sqlite {
        for sql in statements(connection).await.values() {
            for constraint in sql.split("CONSTRAINT \"").skip(1) {
                let (name, definition) = constraint.split_once('"').unwrap();
                constraints.insert(name.to_owned(), literals(definition));
            }
        }
    } else {
        let sql = "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint
                   WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
                     AND conrelid IS DISTINCT FROM to_regclass('seaql_migrations')";
        for row in rows(connection, sql).await {
            let definition: String = row.try_get_by_index(1).unwrap();
            constraints.insert(row.try_get_by_index(0).unwrap(), literals(&definition));
        }
    }
    constraints
}

/// The statements that made SQLite's tables, by table.
pub(crate) async fn statements(connection: &DatabaseConnection) -> BTreeMap<String, String> {
    let sql =
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name <> 'seaql_migrations'";
    let pair = |row: &QueryResult| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        )
    };
    rows(connection, sql).await.iter().map(pair).collect()
}

/// The indexes that stand for themselves, not for a constraint.
pub(crate) async fn indexes(connection: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match connection.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        }
        _ => {
            "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public'
             AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        }
    };
    rows(connection, sql)
        .await
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

async fn rows(connection: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.unwrap()
}

/// The texts between single quotes; PostgreSQL also puts negative numbers there.
fn literals(definition: &str) -> Vec<String> {
    let quoted = definition.split('\'').skip(1).step_by(2);
    quoted
        .filter(|literal| !literal.starts_with('-'))
        .map(str::to_owned)
        .collect()
}
