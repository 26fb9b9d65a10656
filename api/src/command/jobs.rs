//! `marketplace jobs`: what waits in the background, what was given up, and taking it up again.

use std::sync::Arc;

use anyhow::anyhow;
use clap::{Subcommand, ValueEnum};
use entity::id::JobId;
use entity::job::{self, JobState};

use crate::app::App;
use crate::context::Context;
use crate::domain::jobs::list::Filter;
use crate::domain::jobs::{discard, list, pauses, retry};
use crate::error::DomainError;
use crate::graphql::id;
use crate::server::in_words;
use crate::store::page::PageArguments;
use crate::store::transaction::retrying;

/// Looking at background work, and taking up again what was given up.
#[derive(Subcommand)]
pub enum JobsCommand {
    /// Tell how many jobs wait, run, are done and were given up, and which kinds are held back.
    Status,
    /// List jobs, the latest first; without options those that were given up.
    List {
        /// Jobs in this state.
        #[arg(long, value_enum, default_value = "dead")]
        state: StateArgument,
        /// Jobs of this kind alone, such as `send_mail`.
        #[arg(long)]
        kind: Option<String>,
    },
    /// Take up again what was given up: all tries are before it, the first at once.
    Retry {
        /// What `list` prints.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All that were given up.
        #[arg(long)]
        all: bool,
        /// With --all: those of this kind alone.
        #[arg(long, requires = "all")]
        kind: Option<String>,
    },
    /// Take a job that was given up off the list, for good. What it was about stays as it is.
    Discard {
        /// What `list` prints.
        id: String,
    },
}

/// A state, on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub enum StateArgument {
    /// Waiting for their time.
    Ready,
    /// In a worker's hand.
    Running,
    /// Finished.
    Done,
    /// Given up.
    Dead,
}

impl From<StateArgument> for JobState {
    fn from(state: StateArgument) -> Self {
        match state {
            StateArgument::Ready => Self::Ready,
            StateArgument::Running => Self::Running,
            StateArgument::Done => Self::Done,
            StateArgument::Dead => Self::Dead,
        }
    }
}

pub(super) async fn run(app: Arc<App>, command: JobsCommand) -> anyhow::Result<()> {
    let ctx = Context::system(app, "command-line");
    match command {
        JobsCommand::Status => status(&ctx).await.map_err(in_words),
        JobsCommand::List { state, kind } => {
            let state = Some(state.into());
            let found = all(&ctx, &Filter { state, kind }).await.map_err(in_words)?;
            found.iter().for_each(print);
            Ok(())
        }
        JobsCommand::Retry { id: Some(text), .. } => {
            let id = parse(&text)?;
            let job = retrying(|| retry::run(&ctx, id)).await.map_err(in_words)?;
            print(&job);
            Ok(())
        }
        JobsCommand::Retry { id: None, kind, .. } => retry_all(&ctx, kind).await,
        JobsCommand::Discard { id: text } => {
            let id = parse(&text)?;
            retrying(|| discard::run(&ctx, id))
                .await
                .map_err(in_words)?;
            println!("{text} is off the list.");
            Ok(())
        }
    }
}

async fn status(ctx: &Context) -> Result<(), DomainError> {
    for state in JobState::ALL {
        let filter = Filter {
            state: Some(*state),
            kind: None,
        };
        println!("{:<8} {}", state.as_str(), list::count(ctx, &filter).await?);
    }
    for pause in pauses::run(ctx).await? {
        let until = pause.paused_until.unwrap_or(pause.since);
        println!(
            "{} is held back until {until}, since {}: {}",
            pause.kind, pause.since, pause.reason
        );
    }
    Ok(())
}

/// Takes up all that it can, and says what it could not.
async fn retry_all(ctx: &Context, kind: Option<String>) -> anyhow::Result<()> {
    let state = Some(JobState::Dead);
    let found = all(ctx, &Filter { state, kind }).await.map_err(in_words)?;
    let mut retried = 0;
    for job in &found {
        match retrying(|| retry::run(ctx, job.id)).await {
            Ok(_) => retried += 1,
            // Somebody else took it off the list meanwhile.
            Err(DomainError::NotFound) => {}
            Err(error @ DomainError::Rules(_)) => {
                println!("{}  {}", id::encode(&job.id).as_str(), in_words(error));
            }
            Err(error) => return Err(in_words(error)),
        }
    }
    println!("{retried} of {} are taken up again.", found.len());
    Ok(())
}

/// Every job that `filter` lets through, from all pages.
async fn all(ctx: &Context, filter: &Filter) -> Result<Vec<job::Model>, DomainError> {
    let mut page = PageArguments {
        first: Some(100),
        ..PageArguments::default()
    };
    let mut jobs = Vec::new();
    loop {
        let found = list::run(ctx, filter, &page).await?;
        page.after = found.items.last().map(|(cursor, _)| cursor.clone());
        jobs.extend(found.items.into_iter().map(|(_, job)| job));
        if !found.has_next {
            return Ok(jobs);
        }
    }
}

fn parse(text: &str) -> anyhow::Result<JobId> {
    id::decode(&text.to_owned().into(), "id")
        .map_err(|_| anyhow!("this is no job's id; `marketplace jobs list` prints them"))
}

fn print(job: &job::Model) {
    println!(
        "{}  {}  {}  tried {} of {}  asked for {}",
        id::encode(&job.id).as_str(),
        job.kind,
        job.state.as_str(),
        job.attempts,
        job.max_attempts,
        job.created_at.format("%Y-%m-%d %H:%M:%S UTC"),
    );
    if let Some(error) = &job.last_error {
        println!("  {error}");
    }
}
