//! Every migration goes up, down and up again on both databases, and leaves the same schema on both.

use std::collections::BTreeSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::DatabaseConnection;
use tests::database::{Backend, TestDatabase};
use tests::on_both_databases;

use crate::catalog;

/// Names of tables and indexes.
async fn shape(connection: &DatabaseConnection) -> (BTreeSet<String>, BTreeSet<String>) {
    (
        catalog::tables(connection).await,
        catalog::indexes(connection).await,
    )
}

on_both_databases! {
    async fn every_migration_goes_up_down_and_up_again(backend) {
        let database = TestDatabase::empty(backend).await;
        Migrator::up(&database.connection, None).await.unwrap();
        let first = catalog::constraints(&database.connection).await;
        assert!(!first.is_empty());

        Migrator::down(&database.connection, None).await.unwrap();
        assert_eq!(catalog::tables(&database.connection).await, BTreeSet::new());
        assert_eq!(catalog::indexes(&database.connection).await, BTreeSet::new());

        Migrator::up(&database.connection, None).await.unwrap();
        assert_eq!(catalog::constraints(&database.connection).await, first);
    }

    async fn each_migration_is_undone_by_itself(backend) {
        let database = TestDatabase::empty(backend).await;
        for _ in Migrator::migrations() {
            let before = shape(&database.connection).await;
            Migrator::up(&database.connection, Some(1)).await.unwrap();
            assert_ne!(shape(&database.connection).await, before);
            Migrator::down(&database.connection, Some(1)).await.unwrap();
            assert_eq!(shape(&database.connection).await, before);
            Migrator::up(&database.connection, Some(1)).await.unwrap();
        }
        assert!(Migrator::get_pending_migrations(&database.connection).await.unwrap().is_empty());
    }

    async fn a_migration_runs_in_a_transaction(_backend) {
        for migration in Migrator::migrations() {
            assert_eq!(migration.use_transaction(), Some(true), "{}", migration.name());
        }
    }
}

/// The names are what the server tells violations apart by.
#[tokio::test]
async fn both_databases_have_the_same_constraints_and_indexes() {
    let sqlite = TestDatabase::new(Backend::Sqlite).await;
    let postgres = TestDatabase::new(Backend::Postgres).await;
    let constraints = catalog::constraints(&sqlite.connection).await;
    assert_eq!(
        constraints,
        catalog::constraints(&postgres.connection).await
    );
    let indexes = catalog::indexes(&sqlite.connection).await;
    assert_eq!(indexes, catalog::indexes(&postgres.connection).await);

    let names: Vec<&String> = constraints.keys().chain(&indexes).collect();
    for name in &names {
        assert!(name.len() <= 63, "PostgreSQL would cut {name}");
    }
    insta::assert_snapshot!(
        names
            .iter()
            .map(|name| name.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[tokio::test]
async fn no_condition_and_no_key_is_without_a_name() {
    let sqlite = TestDatabase::new(Backend::Sqlite).await;
    let postgres = TestDatabase::new(Backend::Postgres).await;
    for name in catalog::constraints(&postgres.connection).await.keys() {
        let prefix = name.get(..3).unwrap();
        assert!(
            ["ck_", "fk_", "pk_", "uq_"].contains(&prefix),
            "PostgreSQL made up the name {name}"
        );
    }
    for (table, sql) in catalog::statements(&sqlite.connection).await {
        let bodies = ["CHECK (", "FOREIGN KEY (", "PRIMARY KEY (", "UNIQUE ("];
        let unnamed = sql.lines().find(|line| {
            bodies.iter().any(|body| line.contains(body))
                && !line.trim_start().starts_with("CONSTRAINT \"")
        });
        assert_eq!(unnamed, None, "in {table}");
    }
}
