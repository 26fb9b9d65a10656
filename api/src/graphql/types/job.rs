//! Work in the background.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::{job, job_pause};

use crate::domain::jobs::list::{self, Filter};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::encode;

/// A piece of work in the background, such as sending one mail.
pub struct Job(pub job::Model);

/// A piece of work in the background, such as sending one mail.
#[Object]
impl Job {
    /// The job's id.
    async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// What it does, such as `send_mail`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Where it stands.
    async fn state(&self) -> JobState {
        self.0.state.into()
    }

    /// 0 goes first, 9 last.
    async fn priority(&self) -> i32 {
        self.0.priority.into()
    }

    /// When it is tried next, or was due when it was last tried.
    async fn run_at(&self) -> DateTime<Utc> {
        self.0.run_at
    }

    /// How often it was tried.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// After so many tries it is given up.
    async fn max_attempts(&self) -> i32 {
        self.0.max_attempts
    }

    /// What the last try failed of, without personal values; null when it did not fail.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was done or given up; null before.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
}

/// What is told about a whole list of jobs.
pub struct JobTotals(pub Filter);

/// What is told about a whole list of jobs.
#[Object]
impl JobTotals {
    /// How many there are on all pages; costs a statement of its own.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, list::count(request, &self.0).await)
    }
}

/// A kind of job that waits because what all of them need does not work.
pub struct JobPause(pub job_pause::Model);

/// A kind of job that waits because what all of them need does not work, such as the mail relay.
#[Object]
impl JobPause {
    /// The jobs' kind, such as `send_mail`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// How many met with it in a row.
    async fn faults(&self) -> i32 {
        self.0.faults
    }

    /// None of them begins before; afterwards one at a time, until one succeeds.
    async fn paused_until(&self) -> Option<DateTime<Utc>> {
        self.0.paused_until
    }

    /// What the last one met with.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// When the first one met with it.
    async fn since(&self) -> DateTime<Utc> {
        self.0.since
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "job::JobState")]
pub enum JobState {
    /// It waits for its time.
    Ready,
    /// A worker has it in hand.
    Running,
    /// It is finished.
    Done,
    /// It was given up; someone must look.
    Dead,
}
