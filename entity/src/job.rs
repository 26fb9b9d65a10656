//! Work to be done after a transaction, written in that same transaction.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::JobId;

choice! {
    /// Where the work stands.
    pub enum JobState {
        /// Waits for `run_at`.
        Ready = "ready",
        /// Leased by a worker until `leased_until`.
        Running = "running",
        /// Finished.
        Done = "done",
        /// Failed `max_attempts` times; someone must look.
        Dead = "dead",
    }
}

/// A piece of work to be done later.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub kind: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    pub state: JobState,
    /// 0 goes first.
    pub priority: i16,
    pub run_at: DateTimeUtc,
    pub attempts: i32,
    pub max_attempts: i32,
    /// Whoever holds it may report the outcome.
    pub lease_token: Option<Uuid>,
    pub leased_until: Option<DateTimeUtc>,
    pub last_error: Option<String>,
    /// Of the ready and running jobs at most one has a given key.
    pub unique_key: Option<String>,
    /// What it shares with others, such as a mail server: only a few jobs of a lane run at once.
    pub lane: Option<String>,
    pub created_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
