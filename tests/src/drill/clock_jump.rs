//! The machine's clock is put forward and back while mails are on their way: each goes once, nothing waits for the time that was
//! wrong, and what people said of their weeks stays as it was.
//!
//! A server and a worker beside it follow a clock of their own; the database has the machine's.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use api::clock::Clock;
use api::graphql::id::encode;
use api::jobs::Job as _;
use api::jobs::send_mail::SendMail;
use api::jobs::send_offer::SendOffer;
use chrono::TimeDelta;
use entity::id::{PairingId, VolunteerWindowId};
use entity::job::{self, JobState};
use entity::mail_message::{self, MailState};
use entity::pairing::{self, PairingState};
use entity::weekday::Weekday;
use entity::{role, role_window, volunteer, volunteer_window};
use matcher::mail::Kind;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
};
use serde_json::json;

use super::mail::{are_all_done, queue, worker_under};
use super::marketplace::Marketplace;
use super::server::{Answer, Client, Server};
use super::server_under_kill::APPROVE;
use super::{Figure, Report, comes_about, count};
use crate::app::PASSWORD;
use crate::database::{Backend, TestDatabase};
use crate::program::Program;
use crate::relay::{Fault, Relay};
use crate::settable_clock::SettableClock;

/// By how much the clock is ahead, one after the other: an hour forward, the same back, once more, and more than a year forward.
const TIMES: [TimeDelta; 4] = [
    TimeDelta::hours(1),
    TimeDelta::zero(),
    TimeDelta::hours(-1),
    TimeDelta::days(400),
];
/// How long the relay takes for a mail: long enough for a worker to look for the next one several times.
const RELAY_DELAY: Duration = Duration::from_secs(1);
/// Offers that are approved before each jump. Their four mails go to one domain, so that some wait for the others.
const OFFERS: usize = 2;
/// How soon after a jump the server is ready.
const READY_SECONDS: f64 = 2.0;
/// How soon the jobs of a dead worker are taken up that had the wrong time.
const RESCUE_SECONDS: f64 = 90.0;
const PATIENCE: Duration = Duration::from_mins(2);

const LOG_IN: &str = "mutation($input: LogInInput!) { logIn(input: $input) { accessToken userErrors { code message field } } }";

/// Lets the clock jump `rounds` times in each of four ways while mails are on their way, and once under a worker that dies.
pub async fn run(backend: Backend, rounds: usize) -> Vec<Figure> {
    let mut report = Report::new("the clock jumps", backend);
    jumps(&mut report, backend, rounds).await;
    death(&mut report, backend).await;
    report.figures
}

async fn jumps(report: &mut Report, backend: Backend, rounds: usize) {
    let database = TestDatabase::new(backend).await;
    let marketplace = Marketplace::new(&database.url).await;
    marketplace.coordinator("coordinator").await;
    let jumps = rounds * TIMES.len();
    let pairings = pairings(&marketplace, jumps * OFFERS).await;
    let weeks_before = weeks(&database).await;
    let relay = Relay::start(RELAY_DELAY).await;
    let clock = SettableClock::new();
    let mut settings = marketplace.settings();
    let further = [("HOLD_MINUTES", "0"), ("MAIL_TRANSPORT", &relay.url())];
    settings.extend(further.map(|(key, value)| (key.to_owned(), value.to_owned())));
    let server = Server::start_under(&clock, &settings);
    let is_up = server.is_ready_after(PATIENCE).await;
    assert!(is_up.is_some(), "the server does not get ready");
    let of_worker: Vec<_> = settings
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let _worker = Program::start_under(Some(&clock), "worker", &of_worker);

    let (mut refused, mut under_way, mut unfinished) = (0, 0, 0);
    let mut slowest = Duration::ZERO;
    for (batch, ahead) in pairings.chunks(OFFERS).zip(TIMES.into_iter().cycle()) {
        let before = relay.message_ids().len();
        let token = log_in(server.client).await.unwrap_or_default();
        for id in batch {
            let variables = json!({ "id": encode(id) });
            let answer = server.client.graphql(&token, APPROVE, variables).await;
            if !answer.as_ref().is_some_and(Answer::is_success) {
                eprintln!("an approval before the clock is {ahead} ahead: {answer:?}");
                refused += 1;
            }
        }
        // The relay has one and has not said so yet, and others wait for it.
        let is_under_way = comes_about(PATIENCE, async || {
            relay.message_ids().len() > before && are_offered(&database, batch).await
        });
        under_way += usize::from(is_under_way.await);
        clock.set(ahead);
        let ready = server.is_ready_after(PATIENCE).await;
        slowest = slowest.max(ready.unwrap_or(PATIENCE));
        let is_over = comes_about(PATIENCE, async || is_settled(&database, ahead).await);
        unfinished += usize::from(!is_over.await);
    }
    let is_let_in = log_in(server.client).await.is_some();

    report.exactly("jumps with mails on their way", jumps, under_way);
    report.exactly("approvals refused between them", 0, refused);
    report.exactly("log-ins after the last", 1, usize::from(is_let_in));
    report.at_most(
        "slowest to be ready, s",
        READY_SECONDS,
        slowest.as_secs_f64(),
    );
    report.exactly("jumps after which something is not done", 0, unfinished);
    judge(report, &database, &relay, &pairings).await;
    let weeks_after = weeks(&database).await;
    let shifted = weeks_before.symmetric_difference(&weeks_after).count();
    report.exactly("weekly windows that are not what they were", 0, shifted);
    report.told("weekly windows", count(weeks_before.len()));
}

/// Whether the offers of pairings were written.
async fn are_offered(database: &TestDatabase, pairings: &[PairingId]) -> bool {
    let held = pairing::Entity::find()
        .filter(pairing::COLUMN.id.is_in(pairings.iter().copied()))
        .filter(pairing::COLUMN.state.eq(PairingState::Held))
        .count(&database.connection)
        .await
        .unwrap();
    held == 0
}

/// What was mailed, and what became of the offers.
async fn judge(
    report: &mut Report,
    database: &TestDatabase,
    relay: &Relay,
    pairings: &[PairingId],
) {
    let db = &database.connection;
    let came = relay.message_ids();
    let distinct: HashSet<_> = came.iter().collect();
    report.exactly("mails sent again", 0, came.len() - distinct.len());
    let mails = mail_message::Entity::find().all(db).await.unwrap();
    let is_lost = |mail: &&mail_message::Model| match mail.state {
        MailState::Sent => !distinct.contains(&mail.message_id),
        MailState::Queued | MailState::Failed => true,
        MailState::Dropped | MailState::Suppressed => false,
    };
    report.exactly("mails lost", 0, mails.iter().filter(is_lost).count());
    let rows = pairing::Entity::find().all(db).await.unwrap();
    let (mut without, mut more) = (0, 0);
    for row in &rows {
        // Nobody answers: each side has the offer, a reminder at most, and word that it expired.
        let asked = [
            (
                Kind::OfferToVolunteer,
                1,
                usize::from(row.reminded_at.is_some()),
            ),
            (
                Kind::OfferToOrganization,
                1,
                usize::from(row.reminded_at.is_some()),
            ),
            (Kind::Expired, 2, 0),
        ];
        for (kind, asked, reminders) in asked {
            let is_it = |mail: &&mail_message::Model| {
                mail.pairing_id == Some(row.id) && mail.kind == kind.as_str()
            };
            let told = mails.iter().filter(is_it).count();
            without += usize::from(told < asked);
            more += usize::from(told > asked + reminders);
        }
    }
    report.exactly("notices that were never written", 0, without);
    report.exactly("notices that were written again", 0, more);
    // All of them do within the year, which shows that the programs followed the clock.
    let expired = rows.iter().filter(|row| row.state == PairingState::Expired);
    report.exactly("offers that expired", pairings.len(), expired.count());
    report.told("mails", count(came.len()));
}

/// A worker dies with a mail in hand while the clock is wrong, and the clock is put right.
async fn death(report: &mut Report, backend: Backend) {
    let database = TestDatabase::new(backend).await;
    let relay = Relay::start(Duration::ZERO).await;
    let address = format!("{}nora@hangs.example", Fault::NeverAnswers.prefix());
    let clock = SettableClock::new();
    clock.set(TimeDelta::days(400));
    queue(&database, std::slice::from_ref(&address)).await;
    let worker = worker_under(&clock, &database, &relay);
    assert!(
        comes_about(PATIENCE, async || relay.tries(&address) == 1).await,
        "the worker takes up no mail"
    );
    worker.kill();
    clock.set(TimeDelta::zero());
    let begin = Instant::now();
    let _worker = worker_under(&clock, &database, &relay);
    comes_about(PATIENCE, async || are_all_done(&database).await).await;
    report.at_most(
        "mail of a dead worker with a wrong clock sent after, s",
        RESCUE_SECONDS,
        begin.elapsed().as_secs_f64(),
    );
    report.exactly("times that it was sent", 1, relay.message_ids().len());
}

/// Suggestions that are for a role of their own each, of volunteers who are free on two evenings.
async fn pairings(marketplace: &Marketplace, number: usize) -> Vec<PairingId> {
    let mut pairings = Vec::new();
    for _ in 0..number {
        pairings.extend(marketplace.suggestions(1).await);
    }
    let db = &marketplace.app.store.connection;
    for volunteer in volunteer::Entity::find().all(db).await.unwrap() {
        for weekday in [Weekday::Tuesday, Weekday::Sunday] {
            let window = volunteer_window::Model {
                id: VolunteerWindowId::new(marketplace.app.new_id()),
                volunteer_id: volunteer.id,
                weekday,
                start_minute: 17 * 60,
                end_minute: 21 * 60 + 30,
            };
            window.into_active_model().insert(db).await.unwrap();
        }
    }
    pairings
}

/// The weeks of all, with the zones that they are told in.
async fn weeks(database: &TestDatabase) -> BTreeSet<String> {
    let db = &database.connection;
    let volunteers = volunteer_window::Entity::find()
        .find_also_related(volunteer::Entity)
        .all(db)
        .await
        .unwrap();
    let roles = role_window::Entity::find()
        .find_also_related(role::Entity)
        .all(db)
        .await
        .unwrap();
    let of_volunteers = volunteers
        .iter()
        .map(|(window, of)| format!("{window:?} {:?}", of.as_ref().unwrap().zone));
    let of_roles = roles
        .iter()
        .map(|(window, of)| format!("{window:?} {:?}", of.as_ref().unwrap().zone));
    of_volunteers.chain(of_roles).collect()
}

/// Whether nothing is under way or to be done, when the clock is `ahead`. Offers and mails are to be done at once.
async fn is_settled(database: &TestDatabase, ahead: TimeDelta) -> bool {
    let open = job::Entity::find()
        .filter(job::Column::State.is_in([JobState::Ready, JobState::Running]))
        .all(&database.connection)
        .await
        .unwrap();
    let now = Clock::system().now() + ahead;
    let waits_for_its_time = |job: &job::Model| {
        let goes_at_once = [SendMail::KIND, SendOffer::KIND].contains(&job.kind.as_str());
        job.state == JobState::Ready && job.run_at > now && !goes_at_once
    };
    open.iter().all(waits_for_its_time)
}

/// The access token of the coordinator, by the time that the server has.
async fn log_in(client: Client) -> Option<String> {
    let input = json!({ "email": "coordinator@example.org", "password": PASSWORD });
    let answer = client.anonymous(LOG_IN, json!({ "input": input })).await?;
    let token = answer.json()["data"]["logIn"]["accessToken"]
        .as_str()?
        .to_owned();
    Some(token)
}
