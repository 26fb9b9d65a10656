//! Two servers over one database: seats are taken exactly once, an approval counts once, and writers who come all at once are
//! all served.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use api::graphql::id::encode;
use entity::audit_event;
use entity::placement;
use futures_util::future::join_all;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::marketplace::Marketplace;
use super::server::{Answer, Client, Server};
use super::server_under_kill::{APPROVE, judge};
use super::{Figure, Report, count};
use crate::database::{Backend, TestDatabase};

/// How many more want a seat than there are.
const TOO_MANY: usize = 3;
const PATIENCE: Duration = Duration::from_mins(1);

/// Races `rounds` times for seats, for one and for seven by turns, and as often for an approval; then `writers` come at the same
/// moment.
pub async fn run(backend: Backend, rounds: usize, writers: usize) -> Vec<Figure> {
    let database = TestDatabase::new(backend).await;
    let marketplace = Marketplace::new(&database.url).await;
    let settings = marketplace.settings();
    let servers = [Server::start(&settings), Server::start(&settings)];
    for server in &servers {
        let is_up = server.is_ready_after(PATIENCE).await;
        assert!(is_up.is_some(), "a server does not get ready");
    }
    let nodes = servers.each_ref().map(|server| server.client);
    let mut report = Report::new("two nodes", backend);
    seats(&mut report, &marketplace, nodes, rounds).await;
    let tokens = [
        marketplace.coordinator("one").await,
        marketplace.coordinator("two").await,
    ];
    approvals(&mut report, &marketplace, nodes, &tokens, (rounds, writers)).await;
    report.figures
}

async fn seats(report: &mut Report, marketplace: &Marketplace, nodes: [Client; 2], rounds: usize) {
    let (mut asked, mut told, mut wrong_rounds, mut placed_wrongly) = (0, 0, 0, 0);
    let (mut untyped, mut faults) = (0, 0);
    for round in 0..rounds {
        let seats = if round % 2 == 0 { 1 } else { 7 };
        let role = marketplace.role(i32::try_from(seats).unwrap()).await;
        let mut links = Vec::new();
        for volunteer in marketplace.volunteers(seats + TOO_MANY).await {
            links.push(marketplace.link_to_accept(&role, volunteer).await);
        }
        let racing = links.iter().zip(nodes.iter().cycle()).zip(1..);
        let answers = join_all(racing.map(async |((token, node), racer): (_, usize)| {
            // Each from an address of its own: throttles are for single people.
            let from = format!("10.{}.{}.{racer}", round / 200, round % 200);
            let form = format!("token={token}&action=accept");
            node.post_form("/a/offer", &form, &from).await
        }))
        .await;
        let statuses = by_status(&answers);
        let of = |status: u16| statuses.get(&status).copied().unwrap_or_default();
        asked += seats;
        told += of(303);
        wrong_rounds += usize::from(of(303) != seats);
        untyped += answers.len() - of(303) - of(409);
        faults += statuses
            .range(500..)
            .map(|(_, number)| number)
            .sum::<usize>();
        let placements = placement::Entity::find()
            .filter(placement::COLUMN.role_id.eq(role.id))
            .count(&marketplace.app.store.connection)
            .await
            .unwrap();
        placed_wrongly += usize::from(usize::try_from(placements).unwrap() != seats);
        if of(303) + of(409) != answers.len() {
            eprintln!("round {round}: {statuses:?}");
        }
    }
    report.exactly("seats told as taken", asked, told);
    report.exactly("races with too many or too few winners", 0, wrong_rounds);
    report.exactly(
        "races with too many or too few placements",
        0,
        placed_wrongly,
    );
    report.exactly("losers without a typed answer", 0, untyped);
    report.exactly("answers of 500 or more", 0, faults);
}

async fn approvals(
    report: &mut Report,
    marketplace: &Marketplace,
    nodes: [Client; 2],
    tokens: &[String; 2],
    (rounds, writers): (usize, usize),
) {
    let pairings = marketplace.suggestions(rounds + writers).await;
    let (raced, written) = pairings.split_at(rounds);
    let mut untyped = 0;
    for pairing in raced {
        let id = encode(pairing);
        let both = tokens
            .iter()
            .flat_map(|token| nodes.map(|node| (token, node)));
        let answers =
            join_all(both.map(|(token, node)| node.graphql(token, APPROVE, json!({ "id": id }))))
                .await;
        let is_typed = |answer: &&Option<Answer>| {
            answer
                .as_ref()
                .is_some_and(|answer| answer.is_success() || answer.is_typed_refusal())
        };
        untyped += answers.len() - answers.iter().filter(is_typed).count();
    }
    report.exactly("racing approvals without a typed answer", 0, untyped);
    let recorded = audit_event::Entity::find()
        .filter(audit_event::COLUMN.action.eq("pairing.approved"))
        .count(&marketplace.app.store.connection)
        .await
        .unwrap();
    report.exactly(
        "approvals that counted",
        rounds,
        usize::try_from(recorded).unwrap(),
    );

    let begin = Instant::now();
    let coming = written.iter().zip(nodes.iter().cycle());
    let answers = join_all(coming.map(|(pairing, node)| {
        node.graphql(&tokens[0], APPROVE, json!({ "id": encode(pairing) }))
    }))
    .await;
    let took = begin.elapsed();
    let served = answers
        .iter()
        .flatten()
        .filter(|answer| answer.is_success());
    report.exactly("writers at once who were served", writers, served.count());
    report.told("they were all served after, s", took.as_secs_f64());
    let acknowledged = pairings.iter().copied().collect();
    judge(report, marketplace, &acknowledged).await;
    report.told("races", count(rounds));
}

/// How often each status was answered; 0 for no answer at all.
fn by_status(answers: &[Option<Answer>]) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for answer in answers {
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        *statuses.entry(status).or_default() += 1;
    }
    statuses
}
