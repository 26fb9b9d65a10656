//! A server is killed again and again while coordinators approve pairings: what it acknowledged is kept, an approval has its
//! job and a job its approval, and the next server is ready soon.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::domain::audit::verify;
use api::graphql::id::encode;
use api::jobs::Job as _;
use api::jobs::send_offer::SendOffer;
use entity::id::PairingId;
use entity::job;
use entity::pairing::{self, PairingState};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::marketplace::Marketplace;
use super::server::{Client, Server};
use super::{Figure, Report, comes_about};
use crate::database::{Backend, TestDatabase};

/// Clients that approve at the same time.
const CLIENTS: usize = 4;
/// Approvals that a server acknowledges before it is killed, at least.
const BETWEEN_KILLS: usize = 3;
/// Pairings for each kill: what is acknowledged between two kills, and while a server goes down.
const PAIRINGS: usize = 40;
/// The longest from the start of a server to its being ready.
const READY_SECONDS: f64 = 2.0;
const PATIENCE: Duration = Duration::from_mins(2);

pub(super) const APPROVE: &str = "mutation($id: ID!) { approvePairings(input: { pairings: [{ id: $id }] }) { pairings { id } userErrors { code message field } } }";

/// Approvals that are asked for, and what became of them.
struct Load {
    client: Client,
    token: String,
    waiting: Mutex<Vec<PairingId>>,
    acknowledged: Mutex<BTreeSet<PairingId>>,
    /// Answers that are neither a success nor the end of a connection.
    refused: Mutex<Vec<String>>,
}

impl Load {
    async fn go_on(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let next = self.waiting.lock().unwrap().pop();
            let Some(id) = next else {
                return;
            };
            let variables = json!({ "id": encode(&id) });
            match self.client.graphql(&self.token, APPROVE, variables).await {
                Some(answer) if answer.is_success() => {
                    self.acknowledged.lock().unwrap().insert(id);
                }
                // Nobody knows whether it was done: it is asked for again.
                None => {
                    self.waiting.lock().unwrap().insert(0, id);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Some(answer) => self.refused.lock().unwrap().push(answer.body),
            }
        }
    }

    fn acknowledged(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }
}

/// Kills `kills` servers, one after the other.
pub async fn run(backend: Backend, kills: usize) -> Vec<Figure> {
    let database = TestDatabase::new(backend).await;
    let marketplace = Marketplace::new(&database.url).await;
    let settings = marketplace.settings();
    let token = marketplace.coordinator("coordinator").await;
    let waiting = marketplace.suggestions((kills + 1) * PAIRINGS).await;
    let mut server = Server::start(&settings);
    let client = server.client;
    let is_up = server.is_ready_after(PATIENCE).await;
    assert!(is_up.is_some(), "the first server does not get ready");
    let load = Arc::new(Load {
        client,
        token,
        waiting: Mutex::new(waiting),
        acknowledged: Mutex::default(),
        refused: Mutex::default(),
    });
    let stop = CancellationToken::new();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (load, stop) = (load.clone(), stop.clone());
        clients.spawn(async move { load.go_on(&stop).await });
    }

    let (mut killed, mut slowest) = (0, Duration::ZERO);
    for kill in 0..kills {
        let until = load.acknowledged() + BETWEEN_KILLS;
        if !comes_about(PATIENCE, async || load.acknowledged() >= until).await {
            break;
        }
        // At moments of all kinds, the same ones at each run.
        let moment = u64::try_from(kill * 7 % 40).unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        server.kill();
        killed += 1;
        server = Server::start_at(client.address, &settings);
        match server.is_ready_after(PATIENCE).await {
            Some(took) => slowest = slowest.max(took),
            None => break,
        }
    }
    stop.cancel();
    clients.join_all().await;
    server.kill();

    let mut report = Report::new("server under SIGKILL", backend);
    report.exactly("servers killed", kills, killed);
    report.at_most(
        "slowest to be ready again, s",
        READY_SECONDS,
        slowest.as_secs_f64(),
    );
    let refused = load.refused.lock().unwrap().clone();
    if let Some(first) = refused.first() {
        eprintln!("refused: {first}");
    }
    report.exactly("approvals refused", 0, refused.len());
    let acknowledged = load.acknowledged.lock().unwrap().clone();
    judge(&mut report, &marketplace, &acknowledged).await;
    report.figures
}

/// What is in the database against what was acknowledged.
pub(super) async fn judge(
    report: &mut Report,
    marketplace: &Marketplace,
    acknowledged: &BTreeSet<PairingId>,
) {
    let connection = &marketplace.app.store.connection;
    let held = pairing::Entity::find().filter(pairing::COLUMN.state.eq(PairingState::Held));
    let held: BTreeSet<_> = held
        .all(connection)
        .await
        .unwrap()
        .into_iter()
        .map(|pairing| pairing.id)
        .collect();
    let jobs = job::Entity::find().filter(job::COLUMN.kind.eq(SendOffer::KIND));
    let jobs: Vec<_> = jobs
        .all(connection)
        .await
        .unwrap()
        .into_iter()
        .map(|job| {
            serde_json::from_value::<SendOffer>(job.payload)
                .unwrap()
                .pairing_id
        })
        .collect();
    let with_job: BTreeSet<_> = jobs.iter().copied().collect();
    let lost = acknowledged.difference(&held).count();
    report.exactly("acknowledged approvals lost", 0, lost);
    report.exactly(
        "approvals without a job",
        0,
        held.difference(&with_job).count(),
    );
    report.exactly(
        "jobs without an approval",
        0,
        with_job.difference(&held).count(),
    );
    report.exactly("approvals with two jobs", 0, jobs.len() - with_job.len());
    let trail = verify::run(&marketplace.app, None).await.unwrap();
    report.exactly("faults in the audit trail", 0, trail.faults.len());
    report.told("approvals acknowledged", super::count(acknowledged.len()));
}
