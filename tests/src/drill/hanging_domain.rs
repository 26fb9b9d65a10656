//! The mail server of one domain never answers: the mails of other domains take as long as they do without it.
//!
//! The worker is in this process, which wakes it when it writes mails, as a server does with its own.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use api::app::App;
use api::jobs::worker;
use tokio_util::sync::CancellationToken;

use super::mail::{address, queue_by};
use super::offers::quantile;
use super::{Figure, Report, comes_about};
use crate::app::config;
use crate::database::{Backend, TestDatabase};
use crate::relay::{Fault, Relay};

/// By how much the others' p95 may grow.
const MOST: f64 = 1.1;
/// Mails that are written together.
const BATCH: usize = 10;
/// Between two batches: far less than a worker could send.
const PACE: Duration = Duration::from_millis(250);
/// Mails to the domain that hangs, for each round: more than may be on their way at once.
const HANGING: usize = 10;
/// How long after the last mails those to other domains may arrive: less than the half minute after which a worker gives up on a
/// server that never answers, so that nothing arrives in time if mails to it take all that a worker has in hand.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends `batches` batches without and as many with mails to a domain that hangs, by turns, `rounds` times.
pub async fn run(backend: Backend, rounds: usize, batches: usize) -> Vec<Figure> {
    let mut without = Vec::new();
    let mut with = Vec::new();
    for _ in 0..rounds {
        without.extend(times(backend, batches, false).await);
        with.extend(times(backend, batches, true).await);
    }
    let mut report = Report::new("one domain hangs", backend);
    let asked = 2 * rounds * batches * BATCH;
    report.exactly("mails to other domains", asked, without.len() + with.len());
    without.sort_by(f64::total_cmp);
    with.sort_by(f64::total_cmp);
    let (before, after) = (quantile(&without, 0.95), quantile(&with, 0.95));
    report.told("their p95 without, s", before);
    report.told("their p95 with, s", after);
    report.at_most("p95 with / p95 without", MOST, after / before);
    report.figures
}

/// The seconds from queue to relay of mails to domains that are well.
async fn times(backend: Backend, batches: usize, does_one_hang: bool) -> Vec<f64> {
    let database = TestDatabase::new(backend).await;
    let relay = Relay::start(Duration::ZERO).await;
    let settings = [("MAIL_TRANSPORT", relay.url())];
    let settings = settings
        .each_ref()
        .map(|(key, value)| (*key, value.as_str()));
    let app = App::open(config(&database.url, &settings)).await.unwrap();
    let stop = CancellationToken::new();
    let working = tokio::spawn(worker::run(app.clone(), stop.clone(), Duration::ZERO));
    if does_one_hang {
        let hanging: Vec<_> = (0..HANGING)
            .map(|number| format!("{}{number}@hangs.example", Fault::NeverAnswers.prefix()))
            .collect();
        queue_by(&app, 1, &hanging).await;
    }
    let mut queued = HashMap::new();
    let mut pace = tokio::time::interval(PACE);
    for batch in 0..batches {
        pace.tick().await;
        let number = 1_000 + batch * BATCH;
        let addresses: Vec<_> = (number..number + BATCH).map(|it| address("", it)).collect();
        let at = Instant::now();
        queue_by(&app, u128::try_from(number).unwrap(), &addresses).await;
        queued.extend(addresses.into_iter().map(|address| (address, at)));
    }
    let are_there = || {
        let kept = relay.kept();
        queued.keys().all(|address| kept.contains_key(address))
    };
    comes_about(PATIENCE, async || are_there()).await;
    // What hangs is not waited for.
    stop.cancel();
    working.await.unwrap();
    let kept = relay.kept();
    queued
        .iter()
        .filter_map(|(address, at)| Some((kept.get(address)?.first()?.at - *at).as_secs_f64()))
        .collect()
}
