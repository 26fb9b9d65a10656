//! Write transactions. All of them begin here, so that SQLite's are IMMEDIATE (a deferred upgrade fails at once with
//! BUSY and ignores the timeout) and every caller is retried alike when a concurrent one was in the way.

use std::future::Future;
use std::ops::Deref;

use sea_orm::{
    AccessMode, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use tokio::sync::OwnedSemaphorePermit;

use super::change_signal::{ChangeSignal, Topic};
use super::claim;
use super::connection::Store;
use super::job_signal::JobSignal;
use super::noted::NotedTransaction;
use super::revision;
use crate::error::DomainError;

/// How often a use case is tried in all when concurrent transactions are in the way.
const MAX_ATTEMPTS: u32 = 5;

/// An open write transaction; rolled back when dropped without [`commit`](Self::commit).
#[derive(Debug)]
pub struct WriteTransaction {
    transaction: NotedTransaction,
    _turn: Option<OwnedSemaphorePermit>,
    job_signal: JobSignal,
    jobs_before: u64,
    changes: ChangeSignal,
}

impl Deref for WriteTransaction {
    type Target = NotedTransaction;

    fn deref(&self) -> &NotedTransaction {
        &self.transaction
    }
}

impl WriteTransaction {
    /// Makes everything durable, raises the [`revision`] when the matcher reads what was written, marks the [`claim`] under which
    /// the request writes, and wakes the worker when jobs were written, and who follows a topic on this node when it may have
    /// changed.
    pub async fn commit(self) -> Result<(), DbErr> {
        claim::mark(&self.transaction).await?;
        if self.transaction.has_written(revision::TABLES) {
            revision::raise(&self.transaction).await?;
        }
        let has_changed = Topic::ALL.map(|topic| self.transaction.has_written(topic.tables()));
        self.transaction.commit().await?;
        self.job_signal.committed_since(self.jobs_before);
        for (topic, _) in Topic::ALL.into_iter().zip(has_changed).filter(|it| it.1) {
            self.changes.committed(topic);
        }
        Ok(())
    }
}

/// Begins a write transaction.
pub async fn begin_write(store: &Store) -> Result<WriteTransaction, DbErr> {
    let turn = store.turn_to_write().await?;
    let jobs_before = store.job_signal.written();
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = store.connection.begin_with_options(options).await?;
    Ok(WriteTransaction {
        transaction: NotedTransaction::new(transaction),
        _turn: turn,
        job_signal: store.job_signal.clone(),
        jobs_before,
        changes: store.changes.clone(),
    })
}

/// Begins a transaction for reading only, in which every statement sees the same moment. It ends when dropped.
pub async fn begin_read(store: &Store) -> Result<DatabaseTransaction, DbErr> {
    let options = match store.connection.get_database_backend() {
        DbBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
        // SQLite's readers see one moment by themselves.
        _ => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            ..TransactionOptions::default()
        },
    };
    store.connection.begin_with_options(options).await
}

/// Runs a use case again, from its first read on, while it ends in [`DomainError::Retry`] (at most five times in all).
pub async fn retrying<T, F, Fut>(mut use_case: F) -> Result<T, DomainError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, DomainError>>,
{
    let mut attempt = 1;
    loop {
        match use_case().await {
            Err(DomainError::Retry(error)) if attempt < MAX_ATTEMPTS => {
                tracing::debug!(attempt, %error, "a concurrent transaction was in the way; trying again");
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}
