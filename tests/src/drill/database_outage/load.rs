//! Requests that keep coming, however long others take.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use api::graphql::id::encode;
use entity::id::PairingId;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::super::server::{Answer, Client};
use super::super::server_under_kill::APPROVE;

/// Of so many requests one writes.
pub(super) const READS_PER_WRITE: usize = 10;

const READ: &str = "{ viewer { id } }";

/// A request and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) began: Instant,
    pub(super) took: Duration,
    /// 0 when there was no answer.
    pub(super) status: u16,
    pub(super) is_success: bool,
    pub(super) body: String,
    pub(super) approved: Option<PairingId>,
}

/// Requests that keep coming, however long others take.
pub(super) struct Load {
    requests: Arc<Mutex<Vec<Request>>>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Load {
    pub(super) fn start(
        client: Client,
        token: String,
        pairings: Vec<PairingId>,
        a_second: u32,
    ) -> Self {
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let stop = CancellationToken::new();
        let (noted, stopped) = (requests.clone(), stop.clone());
        let task = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(1) / a_second);
            let mut under_way = JoinSet::new();
            let mut pairings = pairings.into_iter();
            for number in 0_usize.. {
                tokio::select! {
                    () = stopped.cancelled() => break,
                    _ = ticks.tick() => {}
                }
                let writes = number % READS_PER_WRITE == 0;
                let pairing = writes.then(|| pairings.next()).flatten();
                let (token, noted) = (token.clone(), noted.clone());
                under_way.spawn(async move {
                    let request = ask(client, &token, pairing).await;
                    noted.lock().unwrap().push(request);
                });
                while under_way.try_join_next().is_some() {}
            }
            under_way.join_all().await;
        });
        Self {
            requests,
            stop,
            task,
        }
    }

    /// All requests, once the last has ended.
    pub(super) async fn end(self) -> Vec<Request> {
        self.stop.cancel();
        self.task.await.unwrap();
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

/// Asks once.
pub(super) async fn ask(client: Client, token: &str, pairing: Option<PairingId>) -> Request {
    let began = Instant::now();
    let answer = match pairing {
        Some(id) => {
            client
                .graphql(token, APPROVE, json!({ "id": encode(&id) }))
                .await
        }
        None => client.graphql(token, READ, json!({})).await,
    };
    let is_success = answer.as_ref().is_some_and(Answer::is_success);
    Request {
        began,
        took: began.elapsed(),
        status: answer.as_ref().map_or(0, |answer| answer.status),
        is_success,
        body: answer.map(|answer| answer.body).unwrap_or_default(),
        approved: pairing.filter(|_| is_success),
    }
}
