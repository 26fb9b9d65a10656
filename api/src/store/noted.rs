//! A transaction that notes which tables it writes.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};

/// A transaction with the names of the tables that its statements wrote.
#[derive(Debug)]
pub struct NotedTransaction {
    transaction: DatabaseTransaction,
    written: Mutex<BTreeSet<String>>,
}

impl NotedTransaction {
    pub(super) const fn new(transaction: DatabaseTransaction) -> Self {
        Self {
            transaction,
            written: Mutex::new(BTreeSet::new()),
        }
    }

    /// Whether one of `tables` was written.
    pub(super) fn has_written(&self, tables: &[&str]) -> bool {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        tables.iter().any(|table| written.contains(*table))
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await
    }

    fn note(&self, sql: &str) {
        if let Some(table) = table_written(sql) {
            let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            if !written.contains(table) {
                written.insert(table.to_owned());
            }
        }
    }
}

#[async_trait]
impl ConnectionTrait for NotedTransaction {
    fn get_database_backend(&self) -> DbBackend {
        self.transaction.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note(&statement.sql);
        self.transaction.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.note(sql);
        self.transaction.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(&statement.sql);
        self.transaction.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(&statement.sql);
        self.transaction.query_all_raw(statement).await
    }

    fn support_returning(&self) -> bool {
        self.transaction.support_returning()
    }
}

/// The table that a statement of sea-query writes; `None` when it only reads.
fn table_written(sql: &str) -> Option<&str> {
    ["INSERT INTO ", "UPDATE ", "DELETE FROM "]
        .iter()
        .find_map(|verb| sql.strip_prefix(verb))?
        .strip_prefix('"')?
        .split('"')
        .next()
}

#[cfg(test)]
mod tests {
    use entity::{role, role_skill};
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryTrait as _};

    use super::*;

    #[test]
    fn what_sea_query_writes_is_known_by_its_table() {
        for backend in [DbBackend::Sqlite, DbBackend::Postgres] {
            let inserting = role_skill::Entity::insert(role_skill::ActiveModel::default());
            let updating = role::Entity::update_many()
                .col_expr(role::Column::Seats, 1.into())
                .filter(role::Column::Seats.eq(2));
            let deleting = role_skill::Entity::delete_many();
            let reading = role::Entity::find();
            let statements = [
                (inserting.build(backend).sql, Some("role_skill")),
                (updating.build(backend).sql, Some("role")),
                (deleting.build(backend).sql, Some("role_skill")),
                (reading.build(backend).sql, None),
            ];
            for (sql, table) in &statements {
                assert_eq!(table_written(sql), *table, "{sql}");
            }
        }
    }
}
