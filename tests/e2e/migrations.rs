//! Every migration goes up, down and up again on both databases, and leaves the same schema on both.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{TimeZone, Utc};
use entity::account_token::{self, TokenPurpose};
use entity::id::{AccountId, AccountTokenId, RefreshTokenId, SessionId};
use entity::personal::Personal;
use entity::session::SessionEndReason;
use entity::{refresh_token, session};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryOrder,
    Set, Statement,
};
use tests::database::{Backend, TestDatabase};
use tests::on_both_databases;
use uuid::Uuid;

use crate::catalog;
use crate::constraints::world::World;

/// Names of tables with their columns and of indexes, and the constraints with the texts that they name.
async fn shape(
    connection: &DatabaseConnection,
) -> (
    BTreeSet<String>,
    BTreeSet<String>,
    BTreeMap<String, Vec<String>>,
) {
    let mut columns = BTreeSet::new();
    for table in catalog::tables(connection).await {
        let of_table = catalog::columns(connection, &table).await;
        columns.extend(of_table.keys().map(|column| format!("{table}.{column}")));
    }
    (
        columns,
        catalog::indexes(connection).await,
        catalog::constraints(connection).await,
    )
}

fn token(
    account_id: AccountId,
    number: u128,
    purpose: TokenPurpose,
    email: Option<Personal>,
) -> account_token::ActiveModel {
    let moment = Utc.timestamp_opt(0, 0).unwrap();
    account_token::ActiveModel {
        id: Set(AccountTokenId::new(Uuid::from_u128(number))),
        account_id: Set(account_id),
        purpose: Set(purpose),
        token_hash: Set(number.to_string()),
        expires_at: Set(moment),
        used_at: Set(None),
        created_at: Set(moment),
        email: Set(email),
    }
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

    async fn rows_stay_when_the_texts_of_a_column_change(backend) {
        let database = TestDatabase::new(backend).await;
        let db = &database.connection;
        let account = World::insert(db).await.account;
        let last_but = |name: &str| {
            let migrations = Migrator::migrations();
            let place = migrations.iter().position(|one| one.name() == name).unwrap();
            u32::try_from(migrations.len() - place).unwrap()
        };
        let steps = last_but("m20261123_000028_add_token_email");
        let moment = account.created_at;
        for (number, reason) in (1..).zip(SessionEndReason::ALL) {
            let id = Uuid::from_u128(number);
            session::ActiveModel {
                id: Set(SessionId::new(id)),
                account_id: Set(account.id),
                user_agent: Set(None),
                created_at: Set(moment),
                last_used_at: Set(moment),
                expires_at: Set(moment),
                ended_at: Set(Some(moment)),
                end_reason: Set(Some(*reason)),
                factor_at: Set(None),
                cookie_hash: Set(None),
            }
            .insert(db)
            .await
            .unwrap();
            refresh_token::ActiveModel {
                id: Set(RefreshTokenId::new(id)),
                session_id: Set(SessionId::new(id)),
                token_hash: Set(number.to_string()),
                issued_at: Set(moment),
                used_at: Set(None),
                successor_id: Set(None),
                access_used_at: Set(None),
            }
            .insert(db)
            .await
            .unwrap();
        }
        for (number, purpose) in (1..).zip(TokenPurpose::ALL) {
            let email = (*purpose == TokenPurpose::ChangeEmail).then(|| Personal::new("new@example.org"));
            token(account.id, number, *purpose, email).insert(db).await.unwrap();
        }
        let sessions = session::Entity::find().all(db).await.unwrap();

        Migrator::down(db, Some(steps)).await.unwrap();
        Migrator::up(db, None).await.unwrap();

        let mut left = sessions;
        for session in &mut left {
            if session.end_reason == Some(SessionEndReason::EmailChanged) {
                session.end_reason = Some(SessionEndReason::Revoked);
            }
        }
        left.sort_by_key(|session| session.id);
        let kept = session::Entity::find().order_by_asc(session::Column::Id).all(db).await.unwrap();
        assert_eq!(kept, left);
        assert_eq!(refresh_token::Entity::find().count(db).await.unwrap(), u64::try_from(left.len()).unwrap());
        assert_eq!(account_token::Entity::find().count(db).await.unwrap(), 2);

        // Who reads the new text has the new condition: the address is there for its purpose and for no other.
        let address = || Some(Personal::new("new@example.org"));
        token(account.id, 10, TokenPurpose::ChangeEmail, address()).insert(db).await.unwrap();
        for (number, purpose, email) in [
            (11, TokenPurpose::ChangeEmail, None),
            (12, TokenPurpose::ResetPassword, address()),
        ] {
            let refused = token(account.id, number, purpose, email).insert(db).await.unwrap_err().to_string();
            assert!(refused.contains("ck_account_token_email"), "{refused}");
        }
        let odd = Statement::from_string(db.get_database_backend(), "UPDATE session SET end_reason = 'tired'");
        let refused = db.execute_raw(odd).await.unwrap_err().to_string();
        assert!(refused.contains("ck_session_end_reason"), "{refused}");
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
