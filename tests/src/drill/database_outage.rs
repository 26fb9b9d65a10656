//! PostgreSQL is restarted without a warning, and falls silent, while requests keep coming: requests end soon and
//! say that it is not their fault, and the server works again by itself.

mod load;

use std::time::{Duration, Instant};

use api::store::connection::look;
use api::store::transaction::begin_write;
use sea_orm::ConnectionTrait as _;
use secrecy::SecretString;
use serde_json::json;

use self::load::{Load, READS_PER_WRITE, Request, ask};
use super::marketplace::Marketplace;
use super::server::Server;
use super::server_under_kill::judge;
use super::{Figure, Report, comes_about, count};
use crate::database::Backend;
use crate::postgres::Cluster;
use crate::proxy::Proxy;

/// After the database is up again, requests may fail for so long.
const RECOVERY: Duration = Duration::from_secs(3);
/// Between two restarts, counted from the database being up: as long as requests may fail, and some more in which they may not.
const BETWEEN_RESTARTS: Duration = Duration::from_millis(4_500);
/// Longer than a request takes that nothing is in the way of.
const MOMENT: Duration = Duration::from_millis(500);
/// The longest that a request takes while the database is silent.
const LONGEST_REQUEST_SECONDS: f64 = 6.0;
/// So long after the database fell silent, everybody knows.
const NOTICED: Duration = Duration::from_secs(3);
/// The longest that a request takes from then on.
const REFUSED_SECONDS: f64 = 1.0;
/// The longest until `/readyz` tells that the database is silent.
const NOT_READY_SECONDS: f64 = 5.0;
const MEMORY_MIB: f64 = 32.0;
const PATIENCE: Duration = Duration::from_mins(1);

const READ_PROJECTS: &str = "{ projects(first: 1) { nodes { id } } }";

/// A marketplace on a cluster of its own, and a server that reaches it through a proxy.
struct Scene {
    cluster: Cluster,
    proxy: Proxy,
    marketplace: Marketplace,
    server: Server,
    token: String,
}

impl Scene {
    async fn new() -> Self {
        let cluster = tokio::task::spawn_blocking(Cluster::start)
            .await
            .unwrap()
            .unwrap();
        let proxy = Proxy::start(cluster.socket()).await;
        let marketplace = Marketplace::new(&cluster.url()).await;
        let token = marketplace.coordinator("coordinator").await;
        let url = format!(
            "postgres://postgres@{}/postgres?sslmode=disable",
            proxy.address()
        );
        let server = Server::start(&Marketplace::settings_with(&url));
        let is_up = server.is_ready_after(PATIENCE).await;
        assert!(is_up.is_some(), "the server does not get ready");
        Self {
            cluster,
            proxy,
            marketplace,
            server,
            token,
        }
    }

    /// Begins with a request, so that it is not the first that pays for connections.
    async fn load(&self, seconds: usize, a_second: u32) -> Load {
        let warm = ask(self.server.client, &self.token, None).await;
        assert!(warm.is_success, "{warm:?}");
        let writes = (seconds + 10) * usize::try_from(a_second).unwrap() / READS_PER_WRITE;
        let pairings = self.marketplace.suggestions(writes).await;
        Load::start(self.server.client, self.token.clone(), pairings, a_second)
    }
}

/// Restarts PostgreSQL `restarts` times, as if its machine had lost power, under so many requests a second.
pub async fn restarts(restarts: usize, a_second: u32) -> Vec<Figure> {
    let scene = Scene::new().await;
    let load = scene.load(restarts * 8 + 3, a_second).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut outages = Vec::new();
    for _ in 0..restarts {
        let down = Instant::now();
        let cluster = scene.cluster.clone();
        let restarted = tokio::task::spawn_blocking(move || cluster.restart());
        let restarting = async { restarted.await.unwrap().unwrap() };
        // `pg_ctl` tells late that the server takes connections.
        let ((), up) = tokio::join!(restarting, is_up_again(&scene.cluster));
        outages.push((down, up));
        tokio::time::sleep(BETWEEN_RESTARTS).await;
    }
    let requests = load.end().await;

    let mut report = Report::new("PostgreSQL restarts", Backend::Postgres);
    report.exactly("restarts", restarts, outages.len());
    // A request that began or ended while the database was down, or in the time it has to recover, may fail.
    let is_excused = |request: &Request| {
        let ended = request.began + request.took;
        outages
            .iter()
            .any(|(down, up)| *down <= ended && request.began <= *up + RECOVERY)
    };
    let failed: Vec<_> = requests
        .iter()
        .filter(|request| !request.is_success)
        .collect();
    let beyond = failed.iter().filter(|request| !is_excused(request));
    report.exactly("requests failed beyond the outage", 0, beyond.count());
    let next_down = outages.iter().skip(1).map(|(down, _)| Some(*down));
    let worst = outages
        .iter()
        .zip(next_down.chain([None]))
        .map(|((_, up), next)| recovered_after(*up, next, &requests))
        .max()
        .unwrap_or_default();
    report.at_most(
        "slowest recovery, s",
        RECOVERY.as_secs_f64(),
        worst.as_secs_f64(),
    );
    let other = failed.iter().filter(|request| request.status != 503);
    report.exactly(
        "failed requests answered by anything but 503",
        0,
        other.clone().count(),
    );
    if let Some(request) = other.clone().next() {
        eprintln!(
            "{} after {:?}: {}",
            request.status, request.took, request.body
        );
    }
    let approved = requests
        .iter()
        .filter_map(|request| request.approved)
        .collect();
    judge(&mut report, &scene.marketplace, &approved).await;
    report.told("requests", count(requests.len()));
    report.told("requests that failed", count(failed.len()));
    let down = outages
        .iter()
        .map(|(down, up)| up.duration_since(*down))
        .max();
    report.told("longest restart, s", down.unwrap_or_default().as_secs_f64());
    report.figures
}

/// When the database takes connections again, after it has taken none.
async fn is_up_again(cluster: &Cluster) -> Instant {
    let url = SecretString::from(cluster.url());
    let takes = async || look(&url, Duration::from_secs(1)).await.is_ok();
    comes_about(PATIENCE, async || !takes().await).await;
    comes_about(PATIENCE, takes).await;
    Instant::now()
}

/// How long after `up` the last request of the same outage began that failed. One that was under way for a moment when the next
/// outage cut it off is of that one.
fn recovered_after(up: Instant, next_down: Option<Instant>, requests: &[Request]) -> Duration {
    let is_cut_off = |request: &Request| {
        next_down.is_some_and(|down| {
            request.began + request.took >= down && request.began + MOMENT >= down
        })
    };
    requests
        .iter()
        .filter(|request| !request.is_success && request.began >= up)
        .filter(|request| request.began < up + BETWEEN_RESTARTS)
        .filter(|request| !is_cut_off(request))
        .map(|request| request.began.duration_since(up))
        .max()
        .unwrap_or_default()
}

/// How a silence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// What was sent meanwhile comes through.
    Speaks,
    /// Another server takes the place of the one that is silent, which is never heard of again.
    FailsOver,
}

/// PostgreSQL is silent for so long, under so many requests a second.
pub async fn silence(lasting: Duration, end: End, a_second: u32) -> Vec<Figure> {
    let scene = Scene::new().await;
    let load = scene
        .load(usize::try_from(lasting.as_secs()).unwrap() + 10, a_second)
        .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let memory_before = memory_mib(scene.server.id());
    let mut memory = memory_before;
    let begin = Instant::now();
    scene.proxy.be_silent(true);
    let mut not_ready_after = None;
    while begin.elapsed() < lasting {
        memory = memory.max(memory_mib(scene.server.id()));
        let answer = scene.server.client.get("/readyz").await;
        if answer.is_some_and(|answer| answer.status == 503) {
            not_ready_after.get_or_insert(begin.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let ended = Instant::now();
    match end {
        End::Speaks => scene.proxy.be_silent(false),
        End::FailsOver => scene.proxy.fail_over(),
    }
    tokio::time::sleep(RECOVERY + Duration::from_secs(2)).await;
    memory = memory.max(memory_mib(scene.server.id()));
    let is_ready = scene.server.is_ready_after(RECOVERY).await.is_some();
    let requests = load.end().await;

    let name = match end {
        End::Speaks => "PostgreSQL silent",
        End::FailsOver => "PostgreSQL fails over",
    };
    let mut report = Report::new(name, Backend::Postgres);
    report.told("silent for, s", lasting.as_secs_f64());
    let longest_of = |requests: &mut dyn Iterator<Item = &Request>| {
        let longest = requests.map(|request| request.took).max();
        longest.unwrap_or_default().as_secs_f64()
    };
    let longest = longest_of(&mut requests.iter());
    report.at_most("longest request, s", LONGEST_REQUEST_SECONDS, longest);
    let is_noticed = |request: &&Request| begin + NOTICED <= request.began && request.began < ended;
    let longest = longest_of(&mut requests.iter().filter(is_noticed));
    report.at_most("the same once it is noticed, s", REFUSED_SECONDS, longest);
    let of_silence: Vec<_> = requests
        .iter()
        .filter(|request| request.began >= begin && request.began + request.took <= ended)
        .collect();
    let other = of_silence.iter().filter(|request| request.status != 503);
    report.exactly(
        "requests meanwhile answered by anything but 503",
        0,
        other.clone().count(),
    );
    if let Some(request) = other.clone().next() {
        eprintln!(
            "{} after {:?}: {}",
            request.status, request.took, request.body
        );
    }
    let not_ready_after = not_ready_after.map_or(f64::INFINITY, |it| it.as_secs_f64());
    report.at_most("/readyz fails after, s", NOT_READY_SECONDS, not_ready_after);
    report.at_most(
        "memory more than before, MiB",
        MEMORY_MIB,
        memory - memory_before,
    );
    let last_failure = requests
        .iter()
        .filter(|request| !request.is_success && request.began >= ended)
        .map(|request| request.began.duration_since(ended))
        .max()
        .unwrap_or_default();
    report.at_most(
        "recovery, s",
        RECOVERY.as_secs_f64(),
        last_failure.as_secs_f64(),
    );
    report.exactly("ready again", 1, usize::from(is_ready));
    let approved = requests
        .iter()
        .filter_map(|request| request.approved)
        .collect();
    judge(&mut report, &scene.marketplace, &approved).await;
    report.told("requests", count(requests.len()));
    report.told("requests meanwhile", count(of_silence.len()));
    report.figures
}

/// Somebody holds a table while a request is authenticated, and another one when it comes to what it asks for.
pub async fn locks() -> Vec<Figure> {
    let scene = Scene::new().await;
    let store = &scene.marketplace.app.store;
    let hold = async |table: &str| {
        let transaction = begin_write(store).await.unwrap();
        let lock = format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        transaction.execute_unprepared(&lock).await.unwrap();
        transaction
    };
    let (session, project) = (hold("session").await, hold("project").await);
    let letting_go = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        drop(session);
    };
    let began = Instant::now();
    let client = scene.server.client;
    let asking = client.graphql(&scene.token, READ_PROJECTS, json!({}));
    let (answer, ()) = tokio::join!(asking, letting_go);
    let took = began.elapsed().as_secs_f64();
    drop(project);
    let mut report = Report::new("PostgreSQL holds up", Backend::Postgres);
    report.at_most("longest request, s", LONGEST_REQUEST_SECONDS, took);
    let status = answer.map(|answer| answer.status);
    report.exactly("answers of 503", 1, usize::from(status == Some(503)));
    report.figures
}

/// The memory that a process has in use, in MiB.
fn memory_mib(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kib: f64 = line.split_whitespace().next().unwrap().parse().unwrap();
    kib / 1_024.0
}
