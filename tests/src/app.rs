//! The marketplace as a test sees it: the real router over a real database, with a clock that stands still, seeded
//! randomness, mail in memory and jobs that run when told to.

mod frozen;
pub mod hints;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::app::{App, trusted_documents};
use api::clock::Clock;
use api::config::Config;
use api::context::Context;
use api::credentials::key_ring::KeyRing;
use api::credentials::password::Hasher;
use api::credentials::sealing::Sealing;
use api::domain::accounts::create_staff;
use api::domain::matching::current::CurrentSuggestions;
use api::domain::matching::current::follow::follow;
use api::domain::worklist::changes::{INTERVAL, SharedCounts};
use api::domain::{signing_keys, taxonomy};
use api::http::metrics;
use api::http::router::router;
#[cfg(feature = "oidc")]
use api::identity_provider::IdentityProvider;
use api::jobs::figures::Figures;
use api::jobs::worker;
use api::limiter::Limiter;
use api::outbox::dkim::Signer;
use api::random::Random;
use api::store::connection::Store;
use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use entity::account::StaffRole;
use entity::job::{self, JobState};
use entity::personal::Personal;
use matcher::mail::{Mailbox, Transport};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, Statement,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

pub use self::frozen::Frozen;
use crate::client::Client;
use crate::database::{Backend, TestDatabase};
use crate::mail::Mail;

/// The password of everybody a test signs up.
pub const PASSWORD: &str = "correct horse battery staple";

/// A running marketplace of one test.
pub struct TestApp {
    /// The composition root, for what only a test may look at.
    pub app: Arc<App>,
    /// Cancelled, it begins to stop as on SIGTERM.
    pub stop: CancellationToken,
    router: Router,
    mailbox: Mailbox,
    statements: Arc<Mutex<Vec<Statement>>>,
    database: Arc<TestDatabase>,
}

impl TestApp {
    /// A marketplace on `backend` with the taxonomy and nobody in it. It is Saturday, 2026-11-21, 15:00 UTC.
    pub async fn new(backend: Backend) -> Self {
        Self::with_settings(backend, &[]).await
    }

    /// The same with some settings changed; keys without the prefix `MARKETPLACE_`.
    pub async fn with_settings(backend: Backend, settings: &[(&str, &str)]) -> Self {
        let database = Arc::new(TestDatabase::new(backend).await);
        let config = config(&database.url, settings);
        let now: DateTime<Utc> = "2026-11-21T15:00:00Z".parse().unwrap();
        let node = Self::node(database, config, Clock::fixed(now), 7, INTERVAL).await;
        taxonomy::seed::run(&node.app).await.unwrap();
        node
    }

    /// Another server over the same database, with the same clock and settings.
    pub async fn another_node(&self) -> Self {
        self.another_node_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn another_node_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let App { clock, config, .. } = &*self.app;
        let mut config = config.clone();
        change(&mut config);
        let database = self.database.clone();
        Self::node(database, config, clock.clone(), 8, INTERVAL).await
    }

    /// Another server that looks at the worklist so often for those who follow it.
    pub async fn another_node_that_looks_every(&self, looks: Duration) -> Self {
        let App { clock, config, .. } = &*self.app;
        let (database, config) = (self.database.clone(), config.clone());
        Self::node(database, config, clock.clone(), 9, looks).await
    }

    async fn node(
        database: Arc<TestDatabase>,
        config: Config,
        clock: Clock,
        seed: u64,
        looks: Duration,
    ) -> Self {
        let mailbox = Mailbox::new();
        let statements = Arc::new(Mutex::new(Vec::new()));
        let mut store = Store::open(&config.database.url, config.database.max_connections)
            .await
            .unwrap();
        let sent = statements.clone();
        store.connection.set_metric_callback(move |info| {
            sent.lock().unwrap().push(info.statement.clone());
        });
        let app = Arc::new(App {
            random: Random::seeded(seed),
            hasher: Hasher::new(config.credentials.argon2).unwrap(),
            keys: KeyRing::new(Sealing::new(&config.credentials.sealing_secret)),
            transport: Transport::Memory(mailbox.clone()),
            signer: Signer::of(&config).unwrap(),
            #[cfg(feature = "oidc")]
            identity_provider: IdentityProvider::of(&config).unwrap(),
            limiter: Limiter::new(&config, store.clone(), clock.clone()).unwrap(),
            store,
            clock,
            trusted_documents: trusted_documents(&config).unwrap(),
            current_suggestions: CurrentSuggestions::default(),
            worklist_counts: SharedCounts::every(looks),
            job_figures: Figures::default(),
            config,
        });
        signing_keys::begin::run(&app).await.unwrap();
        let stop = CancellationToken::new();
        let router = router(app.clone(), stop.clone());
        Self {
            app,
            stop,
            router,
            mailbox,
            statements,
            database,
        }
    }

    /// The router, for requests that are not GraphQL.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// A client that is not logged in.
    pub fn client(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Signs up, verifies the address and logs in. `language` is `en` or `fr`; the address is `name@example.org`.
    pub async fn sign_up(&self, name: &str, language: &str) -> Client {
        let email = format!("{}@example.org", name.to_lowercase());
        let anonymous = self.client();
        anonymous
            .mutate(
                "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { isMailSent userErrors { code message field } } }",
                json!({ "input": {
                    "email": email, "password": PASSWORD, "givenName": name, "familyName": "Testeur",
                    "preferredLanguage": language.to_uppercase(), "consents": ["MATCHING", "SHARING"],
                } }),
            )
            .await;
        self.run_jobs().await;
        let mail = self.mail_to(&email).pop().expect("a verification mail");
        anonymous
            .mutate(
                "mutation($token: String!) { verifyAddress(input: { token: $token }) { userErrors { code message field } } }",
                json!({ "token": mail.token() }),
            )
            .await;
        self.log_in(&email).await
    }

    /// A logged-in coordinator without any organization.
    pub async fn coordinator(&self) -> Client {
        self.staff("coordinator@example.org", StaffRole::Coordinator)
            .await
    }

    /// A logged-in administrator.
    pub async fn admin(&self) -> Client {
        self.staff("admin@example.org", StaffRole::Admin).await
    }

    async fn staff(&self, email: &str, staff_role: StaffRole) -> Client {
        let ctx = Context::system(self.app.clone(), "test");
        let input = create_staff::Input {
            email: Personal::new(email),
            given_name: Personal::new("Camille"),
            staff_role,
            preferred_language: Some(entity::language::Language::En),
        };
        let link = Box::pin(create_staff::run(&ctx, &input))
            .await
            .unwrap()
            .link;
        let token = link.split_once("token=").unwrap().1;
        self.client()
            .mutate(
                "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { userErrors { code message field } } }",
                json!({ "input": { "token": token, "newPassword": PASSWORD } }),
            )
            .await;
        self.run_jobs().await;
        self.mailbox.take();
        self.log_in(email).await
    }

    /// Logs in somebody whose password is [`PASSWORD`].
    pub async fn log_in(&self, email: &str) -> Client {
        self.log_in_with(email, PASSWORD).await
    }

    /// Logs in somebody with a password of their own.
    pub async fn log_in_with(&self, email: &str, password: &str) -> Client {
        let session = self
            .client()
            .mutate(
                "mutation($input: LogInInput!) { logIn(input: $input) { accessToken refreshToken userErrors { code message field } } }",
                json!({ "input": { "email": email, "password": password } }),
            )
            .await;
        self.client()
            .with_token(session["accessToken"].as_str().unwrap())
    }

    /// Whether a transaction waits for another. On SQLite writers wait before they begin, which cannot be seen and need not.
    pub async fn someone_waits(&self) -> bool {
        let connection = &self.app.store.connection;
        if connection.get_database_backend() != DbBackend::Postgres {
            return true;
        }
        let waiting = Statement::from_string(
            DbBackend::Postgres,
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        connection.query_one_raw(waiting).await.unwrap().is_some()
    }

    /// Lets time pass. Jobs that fall due run at the next [`run_jobs`](Self::run_jobs).
    pub fn advance(&self, delta: TimeDelta) {
        self.app.clock.advance(delta);
    }

    /// Runs every job that is due, and those they add, and says how many ran.
    pub async fn run_jobs(&self) -> usize {
        let mut count = 0;
        while Box::pin(worker::run_next(&self.app)).await.unwrap() {
            count += 1;
            assert!(count < 10_000, "jobs keep adding jobs");
        }
        count
    }

    /// Everything in the database, as it lies on the disk or in a backup.
    pub fn stored_bytes(&self) -> Vec<u8> {
        self.database.bytes()
    }

    /// How many statements the server has sent to the database so far; those of tests through its connection count too.
    pub fn statements(&self) -> usize {
        self.statements.lock().unwrap().len()
    }

    /// The statements sent after the first `count`.
    pub fn statements_after(&self, count: usize) -> Vec<String> {
        let statements = self.statements.lock().unwrap();
        let later = statements[count..].iter();
        later.map(|statement| statement.sql.clone()).collect()
    }

    /// How many rows the questions asked after the first `count` statements are answered with, when they are asked again.
    pub async fn rows_read_after(&self, count: usize) -> usize {
        let statements = self.statements.lock().unwrap()[count..].to_vec();
        let questions = statements
            .into_iter()
            .filter(|it| it.sql.starts_with("SELECT"));
        let mut rows = 0;
        for question in questions {
            let answer = self.app.store.connection.query_all_raw(question).await;
            rows += answer.unwrap().len();
        }
        rows
    }

    /// The service for whoever watches over the server.
    pub fn metrics(&self) -> Router {
        metrics::router(self.app.clone())
    }

    /// Looks whether the current suggestions have to be chosen anew, as a running server does all the time.
    pub async fn follow(&self) -> bool {
        follow(&self.app).await.unwrap()
    }

    /// How many jobs were given up.
    pub async fn dead_jobs(&self) -> u64 {
        job::Entity::find()
            .filter(job::COLUMN.state.eq(JobState::Dead))
            .count(&self.app.store.connection)
            .await
            .unwrap()
    }

    /// The raw mailbox, to make sending fail.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Every mail sent so far, in order.
    pub fn mails(&self) -> Vec<Mail> {
        self.mailbox.deliveries().iter().map(Mail::parse).collect()
    }

    /// The mails sent to an address so far, in order.
    pub fn mail_to(&self, email: &str) -> Vec<Mail> {
        self.mails()
            .into_iter()
            .filter(|mail| mail.to == email)
            .collect()
    }
}

/// Settings for tests: cheap hashes, everything else as shipped but for what is changed; keys without the prefix
/// `MARKETPLACE_`.
pub fn config(database_url: &str, settings: &[(&str, &str)]) -> Config {
    let mut values: BTreeMap<String, String> = [
        ("DATABASE_URL", database_url),
        ("DATABASE_MAX_CONNECTIONS", "8"),
        ("BASE_URL", "http://marketplace.test"),
        ("ARGON2_MEMORY_KIB", "8"),
        ("ARGON2_PASSES", "1"),
        ("MAIL_TRANSPORT", "file:unused"),
    ]
    .into_iter()
    .chain(settings.iter().copied())
    .map(|(key, value)| (format!("MARKETPLACE_{key}"), value.to_owned()))
    .collect();
    values
        .entry("MARKETPLACE_ENVIRONMENT".to_owned())
        .or_insert_with(|| "development".to_owned());
    Config::from_values(values).unwrap()
}
