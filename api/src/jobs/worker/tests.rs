//! The worker's loop: what it runs, how it waits, how it stops.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use entity::id::JobId;
use entity::job::JobState;
use sea_orm::Database;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::*;
use crate::clock::Clock;
use crate::config::Config;
use crate::credentials::key_ring::KeyRing;
use crate::credentials::password::Hasher;
use crate::credentials::sealing::Sealing;
use crate::domain::matching::current::CurrentSuggestions;
use crate::domain::worklist::changes::{INTERVAL, SharedCounts};
use crate::jobs::figures::Figures;
use crate::limiter::Limiter;
use crate::random::Random;
use crate::store::connection::Store;

static RUNS: AtomicUsize = AtomicUsize::new(0);
static GIVEN_UP: AtomicUsize = AtomicUsize::new(0);
/// The tests share the two counters.
static ALONE: Mutex<()> = Mutex::const_new(());

#[derive(Serialize, Deserialize)]
struct Panic {}

impl Job for Panic {
    const KIND: &'static str = "panic";

    async fn run(&self, _app: &Arc<App>) -> Result<(), JobError> {
        RUNS.fetch_add(1, Ordering::SeqCst);
        panic!("a job with a fault");
    }

    async fn give_up(&self, _app: &Arc<App>, _error: &JobError) -> Result<(), DomainError> {
        GIVEN_UP.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// What happens at try number `attempts` of three: the outcome, and how often the job ran and was given up.
async fn try_number(attempts: i32) -> (Result<(), JobError>, usize, usize) {
    let _alone = ALONE.lock().await;
    let before = (RUNS.load(Ordering::SeqCst), GIVEN_UP.load(Ordering::SeqCst));
    let outcome = run_as::<Panic>(&app().await, &row(attempts)).await;
    (
        outcome,
        RUNS.load(Ordering::SeqCst) - before.0,
        GIVEN_UP.load(Ordering::SeqCst) - before.1,
    )
}

async fn app() -> Arc<App> {
    let config = Config::from_values(
        [
            ("MARKETPLACE_ARGON2_MEMORY_KIB", "8"),
            ("MARKETPLACE_ARGON2_PASSES", "1"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into(),
    )
    .unwrap();
    let store = Store::new(Database::connect("sqlite::memory:").await.unwrap());
    let clock = Clock::fixed(DateTime::UNIX_EPOCH);
    Arc::new(App {
        random: Random::seeded(1),
        hasher: Hasher::new(config.credentials.argon2).unwrap(),
        keys: KeyRing::new(Sealing::new(&config.credentials.sealing_secret)),
        transport: matcher::mail::Transport::Memory(matcher::mail::Mailbox::new()),
        signer: None,
        #[cfg(feature = "oidc")]
        identity_provider: None,
        limiter: Limiter::new(&config, store.clone(), clock.clone()).unwrap(),
        store,
        clock,
        trusted_documents: Arc::default(),
        current_suggestions: CurrentSuggestions::default(),
        job_figures: Figures::default(),
        worklist_counts: SharedCounts::every(INTERVAL),
        config,
    })
}

fn row(attempts: i32) -> job::Model {
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
    job::Model {
        id: JobId::new(uuid::Uuid::from_u128(1)),
        kind: Panic::KIND.to_owned(),
        payload: serde_json::json!({}),
        state: JobState::Running,
        priority: 5,
        run_at: now,
        attempts,
        max_attempts: 3,
        lease_token: Some(uuid::Uuid::from_u128(2)),
        leased_until: Some(now),
        last_error: None,
        unique_key: None,
        lane: None,
        created_at: now,
        finished_at: None,
    }
}

#[tokio::test]
async fn a_panic_ends_the_try_and_not_the_worker() {
    let (outcome, runs, given_up) = try_number(1).await;
    assert!(matches!(outcome, Err(JobError::Retry(_))));
    assert_eq!((runs, given_up), (1, 0));
}

#[tokio::test]
async fn after_its_last_try_a_job_is_given_up_once() {
    let (outcome, runs, given_up) = try_number(3).await;
    assert!(outcome.is_err());
    assert_eq!((runs, given_up), (1, 1));
}

#[tokio::test]
async fn a_job_whose_workers_all_fell_silent_is_given_up_without_another_try() {
    let (outcome, runs, given_up) = try_number(4).await;
    assert!(matches!(outcome, Err(JobError::Fail(_))));
    assert_eq!((runs, given_up), (0, 1));
}
